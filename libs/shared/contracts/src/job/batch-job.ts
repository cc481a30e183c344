import { z } from 'zod';
import { limits } from '../limits.js';
import { safetyClasses } from '../task/task-state.js';
import { jobStatuses } from './job-status.js';
import { jobIdPattern } from '../identifiers.js';

export const jobIdSchema = z.string().regex(jobIdPattern, 'an id like job_01890a5d-ac96-774b-bcce-b302099a8057');

/** Printable text without control characters. */
export const nameSchema = (length: number) =>
  z
    .string()
    .min(1)
    .max(length)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'text without control characters');

export const jobTypeSchema = z
  .string()
  .min(1)
  .max(limits.typeLength)
  .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/, 'letters, digits, dots, dashes and underscores, a letter first');

export const retrySettingsSchema = z.strictObject({
  max_attempts: z.int().min(1).max(limits.attempts).describe('Runs of a task, the first included.'),
  retry_interval: z.number().min(0).max(limits.retryDelaySeconds).describe('Seconds before the first retry.'),
  retry_on_errors: z
    .array(nameSchema(limits.idLength))
    .max(100)
    .describe('Error types that are retried; empty means every type that can be retried.'),
});

export type RetrySettings = z.infer<typeof retrySettingsSchema>;

export const resourceLimitsSchema = z.strictObject({
  max_memory: z.number().positive().max(1_048_576).describe('MiB'),
  max_cpu: z.number().positive().max(1_024).describe('cores'),
});

export type ResourceLimits = z.infer<typeof resourceLimitsSchema>;

export const labelsSchema = z
  .record(
    z
      .string()
      .min(1)
      .max(limits.labelKeyLength)
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.\-/]*$/, 'letters, digits and _.-/'),
    z.string().max(limits.labelValueLength),
  )
  .refine((labels) => Object.keys(labels).length <= limits.labels, `at most ${limits.labels} labels`);

export type Labels = z.infer<typeof labelsSchema>;

export const detailedStatusSchema = z.object({
  current_phase: z.string(),
  progress_percentage: z.number().min(0).max(100),
  active_tasks: z.int().min(0),
  error_count: z.int().min(0),
});

export const taskCountsSchema = z.record(z.string(), z.int().min(0)).describe('Tasks by state');

/** A job as every reader sees it. Times are ISO 8601 UTC. */
export const batchJobSchema = z.object({
  id: jobIdSchema,
  type: z.string(),
  status: z.enum(jobStatuses),
  product_id: z.string(),
  sending_group_id: z.string(),
  user_id: z.string(),
  priority: z.int(),
  max_parallel_tasks: z.int().nullable().describe('null: as many as the workers can run'),
  retry_config: retrySettingsSchema.nullable(),
  resource_limits: resourceLimitsSchema.nullable(),
  safety: z.enum(safetyClasses),
  labels: z.record(z.string(), z.string()),
  detailed_status: detailedStatusSchema,
  total_tasks: z.int().nullable().describe('null until a planned job has been planned'),
  task_counts: taskCountsSchema,
  created_at: z.string(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
});

export type BatchJob = z.infer<typeof batchJobSchema>;
