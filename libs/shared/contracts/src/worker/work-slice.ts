import { z } from 'zod';
import { jobTypeSchema, type ResourceLimits } from '../job/batch-job.js';
import type { SafetyClass } from '../task/task-state.js';

/**
 * A queue is what a worker offers to run and what ready chunks wait in:
 * the job type for its tasks, `plan:` and the type for its planning.
 */
export const PLAN_QUEUE_PREFIX = 'plan:';

export const queueSchema = z
  .string()
  .refine((queue) => jobTypeSchema.safeParse(typeOfQueue(queue)).success, 'a job type, or plan: and a job type');

export function planQueueOf(type: string): string {
  return `${PLAN_QUEUE_PREFIX}${type}`;
}

/** The job type that a queue belongs to. */
export function typeOfQueue(queue: string): string {
  return queue.startsWith(PLAN_QUEUE_PREFIX) ? queue.slice(PLAN_QUEUE_PREFIX.length) : queue;
}

/** The error type of a run that took longer than the timeout_s of its job. */
export const TASK_TIMEOUT = 'task.timeout';

/** The first line of a work message; the task lines of `indexes` follow, one a line, in the same order. */
export interface WorkHeader {
  v: 1;
  chunk_id: string;
  /** The job that owns the chunk; null for a bundle, whose tasks are jobs of their own. */
  job_id: string | null;
  /** Token of this lease. A result that carries an older one is refused. */
  fence: number;
  queue: string;
  safety: SafetyClass;
  /** How urgent its tasks are, from 0 to 9; absent where nothing was said, which is 5. */
  priority?: number;
  indexes: number[];
  /** Which run of its task each one is, the first being 1. */
  attempts: number[];
  /** Seconds that a run of one of them may take; absent where as long as it takes. */
  timeout_s?: number;
  /** What one of them may use; absent where nothing was said. */
  resource_limits?: ResourceLimits;
  /** Laid over the payload of a task, by index. */
  params?: Record<string, Record<string, unknown>>;
  /** Those of `indexes` whose tasks have kept steps; absent where none has. */
  steps?: number[];
  /** The traces of their attempts, by index; absent where none is traced. */
  traceparents?: Record<string, string>;
}

export function encodeWork(header: WorkHeader, taskLines: readonly string[]): string {
  return `${JSON.stringify(header)}\n${taskLines.join('\n')}`;
}

/** Throws for a text that is no slice of work. */
export function decodeWork(text: string): { header: WorkHeader; taskLines: string[] } {
  const [head = '', ...taskLines] = text.split('\n');
  const header = JSON.parse(head) as WorkHeader | null;
  const isSlice =
    typeof header?.chunk_id === 'string' &&
    Number.isInteger(header.fence) &&
    typeof header.queue === 'string' &&
    Array.isArray(header.indexes) &&
    Array.isArray(header.attempts) &&
    header.indexes.length === taskLines.length &&
    header.attempts.length === taskLines.length;
  if (!isSlice) throw new Error(`This is no slice of work: ${head.slice(0, 100)}`);
  return { header, taskLines };
}
