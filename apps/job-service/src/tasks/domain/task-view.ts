import { layParamsOver, parseExactly, typeOfQueue, type Task, type TaskInput } from '@kintsugi/contracts';
import type { Chunk } from './chunk.js';
import { isoTime } from './chunk-events.js';
import { paramsOf } from './task-params.js';

/** A task as readers see it; its payload is parsed from the line it was given in. */
export function viewTask(chunk: Chunk, index: number): Task {
  const { state, identity } = chunk;
  const { key, payload, parents } = readLine(chunk.lines?.[index]);
  const started = state.startedAt[index] ?? 0;
  const tookUs = state.tookUs[index] ?? 0;
  const taskState = chunk.stateOf(index);
  const ran = started > 0 && taskState !== 'running' && taskState !== 'leased';
  const { errors, results, logs, due } = state.extras;
  const error = errors[index];
  const dueAt = due[index];
  const laidOver = paramsOf(chunk, index);
  const result = results[index];
  return {
    id: chunk.taskId(index),
    key,
    job_id: chunk.jobIdOf(index),
    type: typeOfQueue(identity.queue),
    state: taskState,
    attempts: state.attempts[index] ?? 0,
    started_at: started > 0 ? isoTime(started) : null,
    finished_at: ran ? isoTime(started + tookUs / 1000) : null,
    duration_ms: ran ? tookUs / 1000 : null,
    next_attempt_at: dueAt === undefined ? null : isoTime(dueAt),
    ...(state.extras.steps[index] ? { has_steps: true as const } : {}),
    ...(parents ? { depends_on: parents } : {}),
    payload: laidOver ? layParamsOver(payload, laidOver) : payload,
    result: result === undefined ? null : parseExactly(result),
    error: error ? { error_type: error.error_type, error_message: error.error_message } : null,
    ...(logs[index] ? { logs: logs[index] } : {}),
  };
}

function readLine(line: string | undefined): { key: string | null; payload: unknown; parents?: string[] } {
  try {
    const task = parseExactly(line ?? '{}') as TaskInput;
    const { id, payload, depends_on: parents = [] } = task;
    return { key: id ?? null, payload: payload ?? null, ...(parents.length > 0 ? { parents } : {}) };
  } catch {
    return { key: null, payload: null };
  }
}
