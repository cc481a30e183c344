import { layParamsOver, type TaskState } from '@kintsugi/contracts';
import { freshChunk, type ChunkOwner } from '../../intake/domain/fresh-chunks.js';
import { Chunk } from '../../tasks/domain/chunk.js';
import { markOfRerun } from '../../tasks/domain/counted-steps.js';
import { paramsOf } from '../../tasks/domain/task-params.js';
import { noExtras } from '../../tasks/domain/task-extras.js';
import { isRerun, type RerunRole } from './plan-rerun.js';

/** The tasks of a chunk that is copied, from a place on. */
export interface CopiedTasks {
  chunk: Chunk;
  from: number;
  to: number;
}

/**
 * A chunk of a rerun: what is run again stands as new, with the params it had and those that are asked for, and goes on
 * behind the steps that it had kept where it failed; what has succeeded stands
 * as it does, with its result, for those that wait for it; all else is skipped.
 */
export function rerunChunk(
  owner: ChunkOwner,
  sequence: number,
  { chunk: before, from, to }: CopiedTasks,
  roles: readonly (RerunRole | undefined)[],
  params: Record<string, unknown> | undefined,
  acceptedAt: number,
): Chunk {
  const fresh = freshChunk(owner, sequence, (before.lines ?? []).slice(from, to), acceptedAt);
  const { state, identity, lines } = fresh;
  const extras = noExtras();
  const states: TaskState[] = [];
  for (let index = 0; index < identity.count; index += 1) {
    const role = roles[index];
    const at = from + index;
    if (isRerun(role)) {
      states.push(fresh.stateOf(index));
      const laidOver = { ...(paramsOf(before, at) ?? {}) };
      const together = params ? layParamsOver(laidOver, params) : laidOver;
      if (Object.keys(together).length > 0) extras.params[index] = JSON.stringify(together);
      const steps = before.state.extras.steps[at];
      // What had succeeded is wanted anew, and what waits for others gets other results of theirs.
      if (steps && role === 'selected' && before.stateOf(at) !== 'succeeded') {
        extras.steps[index] = markOfRerun(before.taskId(at), steps);
      }
      continue;
    }
    states.push(role === 'reuse' ? 'succeeded' : 'skipped');
    const result = before.state.extras.results[at];
    if (role !== 'reuse') continue;
    if (result !== undefined) extras.results[index] = result;
    state.attempts[index] = before.state.attempts[at] ?? 0;
    state.startedAt[index] = before.state.startedAt[at] ?? 0;
    state.tookUs[index] = before.state.tookUs[at] ?? 0;
  }
  return new Chunk(identity, { ...state, states: Chunk.codesOf(states), extras }, lines);
}
