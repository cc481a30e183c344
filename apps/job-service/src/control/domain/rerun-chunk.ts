import { layParamsOver, type TaskState } from '@kintsugi/contracts';
import { freshChunk, type ChunkOwner } from '../../intake/domain/fresh-chunks.js';
import { Chunk } from '../../tasks/domain/chunk.js';
import { markOfRerun } from '../../tasks/domain/counted-steps.js';
import { paramsOf } from '../../tasks/domain/task-params.js';
import { noExtras } from '../../tasks/domain/task-extras.js';
import { isRerun, type RerunRole } from './plan-rerun.js';

/** A task where it is stored. */
export interface TaskPlace {
  chunk: Chunk;
  index: number;
}

/** The line that a task was handed in with. */
export function lineAt({ chunk, index }: TaskPlace): string {
  return chunk.lines?.[index] ?? '{}';
}

/** A task of a rerun, and where it has from what it is made of. */
export interface CopiedTask {
  role: RerunRole;
  /** The task in the job of which a part is run again. */
  before: TaskPlace;
  /** The same in the run whose output is kept, or whose payload it runs with. */
  from: TaskPlace;
  /** What it runs with instead, where a schedule says so. */
  line?: string | undefined;
}

/**
 * A chunk of a rerun: what is run again stands as new, with the params it had and those that are asked for, and goes on
 * behind the steps that it had kept where it failed; what is kept stands as it does where its output comes from, with what it was
 * given there, for those that wait for it; all else is skipped.
 */
export function rerunChunk(
  owner: ChunkOwner,
  sequence: number,
  tasks: readonly CopiedTask[],
  params: Record<string, unknown> | undefined,
  acceptedAt: number,
): Chunk {
  const given = tasks.map(({ line, from }) => line ?? lineAt(from));
  const fresh = freshChunk(owner, sequence, given, acceptedAt);
  const { state, identity, lines } = fresh;
  const extras = noExtras();
  const states: TaskState[] = [];
  for (const [index, { role, before, from, line }] of tasks.entries()) {
    const { extras: had } = from.chunk.state;
    const laidOver = line === undefined ? paramsOf(from.chunk, from.index) : undefined;
    if (isRerun(role)) {
      states.push(fresh.stateOf(index));
      const together = params ? layParamsOver(laidOver ?? {}, params) : laidOver;
      if (together) extras.params[index] = JSON.stringify(together);
      const steps = before.chunk.state.extras.steps[before.index];
      // What had succeeded is wanted anew, and what waits for others gets other results of theirs.
      if (steps && role === 'selected' && before.chunk.stateOf(before.index) !== 'succeeded') {
        extras.steps[index] = markOfRerun(before.chunk.taskId(before.index), steps);
      }
      continue;
    }
    // Whoever runs it again later runs it with these, and tells by them what its output was made of.
    if (laidOver) extras.params[index] = JSON.stringify(laidOver);
    states.push(role === 'reuse' ? 'succeeded' : 'skipped');
    if (role !== 'reuse') continue;
    const result = had.results[from.index];
    if (result !== undefined) extras.results[index] = result;
    state.attempts[index] = from.chunk.state.attempts[from.index] ?? 0;
    state.startedAt[index] = from.chunk.state.startedAt[from.index] ?? 0;
    state.tookUs[index] = from.chunk.state.tookUs[from.index] ?? 0;
  }
  return new Chunk(identity, { ...state, states: Chunk.codesOf(states), extras }, lines);
}
