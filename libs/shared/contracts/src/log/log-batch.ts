import { z } from 'zod';
import { uuidPattern, workerIdSchema } from '../identifiers.js';

/** Runs of one message; more of them travel in the next. */
export const runsPerBatch = 4_000;

/** Whose log it is: the id of a job without what goes before and behind it, so that jobs in one bundle share a log. */
export const logIdSchema = z.string().regex(new RegExp(`^${uuidPattern}$`), 'the uuid of a job');

export function logIdOf(jobOrTaskId: string): string {
  const from = jobOrTaskId.indexOf('_') + 1;
  return jobOrTaskId.slice(from, from + 36);
}

const bytesMax = 16 * 1024 * 1024;
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/**
 * One run of a task: the task's id without `task_` and the uuid, the attempt, its lines here, their bytes in the body, each
 * with its line feed, and the bytes of their texts alone.
 */
const logRunSchema = z.tuple([
  z.string().regex(/^(\d{1,7}|plan)\.\d{1,3}$/),
  z.int().min(1).max(10_000),
  z.int().min(1).max(bytesMax),
  z.int().min(1).max(bytesMax),
  z.int().min(0).max(bytesMax),
]);

export type LogRun = z.infer<typeof logRunSchema>;

const logPartSchema = z.object({
  log: logIdSchema,
  /** Its runs are jobs of their own. */
  bundled: z.boolean(),
  /** Epoch ms that the times of its lines count from, and those of its first and last line. */
  base_ms: count,
  first_ms: count,
  last_ms: count,
  runs: z.array(logRunSchema).min(1).max(runsPerBatch),
  /** Bytes of it in the body where its lines are packed by zstd; those that its runs tell are theirs unpacked. */
  packed: z.int().min(1).max(bytesMax).optional(),
});

export type LogPart = z.infer<typeof logPartSchema>;

/** Bytes of a part in the body of its message. */
export function bytesOfPart({ runs, packed }: Pick<LogPart, 'runs' | 'packed'>): number {
  return packed ?? unpackedBytesOf(runs);
}

export function unpackedBytesOf(runs: readonly LogRun[]): number {
  return runs.reduce((sum, run) => sum + run[3], 0);
}

/**
 * The first line of a message of log lines. The lines follow, those of a run together, in the order of the runs. A worker
 * has one message under way and sends it until it is receipted, so that the lines of a run are stored in their order.
 */
export const logBatchSchema = z
  .object({
    v: z.literal(1),
    worker_id: workerIdSchema,
    sequence: count,
    /** It was sent before, and may be stored already. */
    again: z.boolean(),
    /** Lines that this worker has dropped since its last message. */
    dropped: count,
    parts: z.array(logPartSchema).min(1).max(runsPerBatch),
  })
  .refine(({ parts }) => unpackedBytesOf(parts.flatMap(({ runs }) => runs)) <= bytesMax, 'more than a message unpacks to');

export type LogBatch = z.infer<typeof logBatchSchema>;

/** The reply to a batch: it need not be sent again. */
export interface LogReceipt {
  taken: true;
  /** Jobs whose log is full: no more of their lines are wanted. */
  full?: string[];
  /** Lines may also come in groups, and parts packed. */
  compact?: true;
}
