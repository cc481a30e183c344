import type { Chunk } from './chunk.js';

/** Of a job whose request was traced, its first chunks are: a job of a million tasks would be as many traces. */
const tracedChunks = 4;
const uuidLength = 36;

/** The span in which the job of a task was accepted, where its attempts are traced. */
export function traceOfTask({ id, identity }: Chunk, index: number): string | undefined {
  const { jobs, traceparent } = identity;
  if (jobs) return jobs[index]?.traceparent;
  return traceparent !== undefined && Number(id.slice(uuidLength + 1)) >= tracedChunks ? undefined : traceparent;
}
