import { sequenceOf } from './chunk-sequence.js';
import type { Chunk } from './chunk.js';

/** Of a job whose request was traced, its first chunks are: a job of a million tasks would be as many traces. */
const tracedChunks = 4;

/** The span in which the job of a task was accepted, where its attempts are traced. */
export function traceOfTask(chunk: Chunk, index: number): string | undefined {
  const { jobs, traceparent } = chunk.identity;
  if (jobs) return jobs[index]?.traceparent;
  return traceparent !== undefined && sequenceOf(chunk) >= tracedChunks ? undefined : traceparent;
}
