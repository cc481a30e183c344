import { ProblemError, parseJsonExactly } from '@kintsugi/contracts';

/** What a file of a submission holds, as far as its beginning tells. */
export type Recognised =
  /** One JSON document, a whole job or an array of tasks; it has to be read whole. */
  | { kind: 'document' }
  /** A task a line; `head` is the job, if the first line is one. */
  | { kind: 'lines'; head: Record<string, unknown> | null };

/** Fields that a job has and a task has not. */
const fieldsOfJob = ['product_id', 'sending_group_id', 'tasks', 'type', 'jobs'];

/**
 * Tells NDJSON from a JSON document by the first line that is not blank: NDJSON when it is an object by itself and
 * more follows, or when it is a task; a document otherwise, such as a job over several lines.
 */
export function recognise(firstLine: string, moreFollows: boolean): Recognised {
  if (!firstLine.trimStart().startsWith('{')) return { kind: 'document' };
  let value: unknown;
  try {
    value = parseJsonExactly(firstLine, 'line 1');
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'JSON_INVALID') return { kind: 'document' };
    throw error;
  }
  const job = isRecord(value) && fieldsOfJob.some((field) => field in value) ? value : null;
  if (job && (!moreFollows || 'tasks' in job)) return { kind: 'document' };
  return { kind: 'lines', head: job };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
