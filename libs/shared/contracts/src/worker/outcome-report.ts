import { z } from 'zod';
import { chunkIdSchema, workerIdSchema } from '../identifiers.js';
import { limits } from '../limits.js';
import { errorTypeSchema } from '../recovery/error-record.js';
import { dependencySchema, hostSchema, workerVersionSchema } from '../task/run-facts.js';

const indexSchema = z
  .int()
  .min(0)
  .max(limits.tasksPerChunk - 1);

export const taskFailureSchema = z.object({
  index: indexSchema,
  /** Milliseconds after the report's base_ms at which the task started. */
  started: z.int(),
  /** Microseconds that it ran. */
  took_us: z.int().min(0),
  error_type: errorTypeSchema,
  error_message: z.string().max(limits.errorMessageLength),
  stack_trace: z.string().max(limits.stackLength).optional(),
  /** The handler says that another try cannot help. */
  non_retryable: z.boolean().optional(),
  /** The handler knows when another try makes sense. */
  retry_after_ms: z.int().min(0).optional(),
  /** What the handler could not do without, and has failed. */
  dependency: dependencySchema.optional(),
  host: hostSchema.optional(),
  version: workerVersionSchema.optional(),
  /** The run was aborted because its job was cancelled. */
  cancelled: z.boolean().optional(),
});

export type TaskFailure = z.infer<typeof taskFailureSchema>;

export const leaseOutcomeSchema = z.object({
  chunk_id: chunkIdSchema,
  fence: z.int().min(0),
  base_ms: z.int(),
  /** Indexes that succeeded; `started` and `took_us` run beside it. */
  done: z.array(indexSchema).max(limits.tasksPerChunk),
  started: z.array(z.int()).max(limits.tasksPerChunk),
  took_us: z.array(z.int().min(0)).max(limits.tasksPerChunk),
  /** Those of `done` whose handler's check has passed. */
  verified: z.array(indexSchema).max(limits.tasksPerChunk).optional(),
  failed: z.array(taskFailureSchema).max(limits.tasksPerChunk),
  /** Handed back without having been started. */
  returned: z.array(indexSchema).max(limits.tasksPerChunk),
  results: z.record(z.string(), z.unknown()).optional(),
  logs: z.record(z.string(), z.array(z.string().max(limits.logLineLength + 64)).max(limits.logLines + 1)).optional(),
});

export type LeaseOutcome = z.infer<typeof leaseOutcomeSchema>;

/**
 * What a worker has finished since its last report. It keeps the report until the reply says that it was recorded,
 * and sends it again when no reply comes; recording twice changes nothing.
 */
export const outcomeReportSchema = z.object({
  v: z.literal(1),
  worker_id: workerIdSchema,
  leases: z.array(leaseOutcomeSchema).max(1024),
});

export type OutcomeReport = z.infer<typeof outcomeReportSchema>;

/** The reply to a report: it is dealt with and need not be sent again, also when parts of it were refused. */
export interface OutcomeReceipt {
  recorded: true;
  /** Tasks whose lease had passed to another worker. */
  fenced: number;
  /** What breaks the contract of reports: it was not taken, and the tasks that it hides the end of count as failed. */
  refused?: string;
}
