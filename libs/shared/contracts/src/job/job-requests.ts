import { z } from 'zod';
import { limits } from '../limits.js';
import { safetyClasses, taskStates } from '../task/task-state.js';
import { taskInputSchema } from '../task/task-input.js';
import { taskIdPattern } from '../identifiers.js';
import {
  batchJobSchema,
  jobIdSchema,
  jobTypeSchema,
  labelsSchema,
  nameSchema,
  resourceLimitsSchema,
  retrySettingsSchema,
} from './batch-job.js';
import { jobStatuses } from './job-status.js';

const pageShape = {
  limit: z.int().min(1).max(limits.pageSize).default(50).describe('Items of one page.'),
  cursor: z.string().min(1).max(500).optional().describe('The next_cursor of the page before.'),
};

/** A page's limit as a query gives it: text. */
export const queryLimitSchema = z
  .string()
  .regex(/^\d{1,4}$/, 'a number')
  .transform(Number)
  .pipe(z.int().min(1).max(limits.pageSize))
  .optional();

export const idempotencyKeySchema = z
  .string()
  .min(1)
  .max(limits.idempotencyKeyLength)
  .regex(/^[\x20-\x7e]+$/, 'printable ASCII');

const jobFields = {
  product_id: nameSchema(limits.idLength).describe('The product that it is done for.'),
  sending_group_id: nameSchema(limits.idLength).describe('The group that it is sent to.'),
  user_id: nameSchema(limits.idLength).optional().describe('Who asked; the API key id when absent.'),
  type: jobTypeSchema.optional().describe('Which handler runs the tasks; DEFAULT_JOB_TYPE when absent.'),
  priority: z.int().min(0).max(9).default(5).describe('0 to 9; 9 goes first.'),
  max_parallel_tasks: z.int().min(1).max(100_000).optional().describe('Tasks that may run at once; as many as the workers can when absent.'),
  retry_config: retrySettingsSchema.optional().describe('How its failures are retried; as the policy of their error type says when absent.'),
  resource_limits: resourceLimitsSchema.optional().describe('What one task may use.'),
  safety: z
    .enum(safetyClasses)
    .default('idempotent')
    .describe('idempotent and keyed tasks run again after an unclear end; unsafe ones never by themselves.'),
  labels: labelsSchema.default({}).describe('Words of yours to find it by.'),
  idempotency_key: idempotencyKeySchema.optional().describe('The same key makes one job, for seven days.'),
};

/** A job without its tasks: what an upload's first line carries. */
export const jobHeadSchema = z.strictObject(jobFields);

export const createJobSchema = z.strictObject({
  ...jobFields,
  tasks: z
    .array(taskInputSchema)
    .min(1)
    .max(limits.inlineTasks)
    .optional()
    .describe('Left out, the plan handler of the type makes the tasks.'),
});

export type JobHead = z.output<typeof jobHeadSchema>;
export type CreateJob = z.output<typeof createJobSchema>;
export type CreateJobInput = z.input<typeof createJobSchema>;

export const jobReceiptSchema = z.object({
  job_id: jobIdSchema,
  status: z.enum(jobStatuses),
  total_tasks: z.int().nullable(),
  replayed: z.boolean().describe('true when the idempotency key had already made this job'),
});

export type JobReceipt = z.infer<typeof jobReceiptSchema>;

/** One chunk of an upload on its way to the store; it counts only once the upload is committed. */
export const stageTasksSchema = z.strictObject({
  job_id: jobIdSchema,
  sequence: z.int().min(0),
  /** Task lines joined by newlines, each already checked. */
  tasks: z
    .string()
    .min(2)
    .max(limits.chunkBytes * 2),
  count: z.int().min(1).max(limits.tasksPerChunk),
  /** The fence of the planning task's lease, when a planner and not an upload sends the chunk. */
  fence: z.int().min(0).optional(),
});

export type StageTasks = z.output<typeof stageTasksSchema>;

/** Makes a job of the chunks that were staged under its id. */
export const commitUploadSchema = z.strictObject({
  job_id: jobIdSchema,
  job: jobHeadSchema,
  chunks: z.int().min(1),
  total_tasks: z.int().min(1).max(limits.tasksPerJob),
  /** Hash of the tasks, so that a reused idempotency key with other tasks is noticed. */
  fingerprint: z.string().max(128),
});

export type CommitUpload = z.output<typeof commitUploadSchema>;

export const abandonUploadSchema = z.strictObject({ job_id: jobIdSchema });

export const jobIdRequestSchema = z.strictObject({ job_id: jobIdSchema });

export const getJobInfoSchema = z.strictObject({
  job_id: jobIdSchema,
  include_metrics: z.boolean().default(false),
  include_task_details: z.boolean().default(false),
  include_logs: z.boolean().default(false),
  real_time: z.boolean().default(false),
});

export const listTasksSchema = z.strictObject({
  job_id: jobIdSchema,
  state: z.enum(taskStates as [string, ...string[]]).optional(),
  ...pageShape,
});

export const taskSchema = z.object({
  id: z.string().regex(taskIdPattern),
  /** The caller's own id. */
  key: z.string().nullable(),
  job_id: jobIdSchema,
  type: z.string(),
  state: z.enum(taskStates as [string, ...string[]]),
  attempts: z.int(),
  started_at: z.string().nullable(),
  finished_at: z.string().nullable(),
  duration_ms: z.number().nullable(),
  next_attempt_at: z.string().nullable(),
  payload: z.unknown(),
  result: z.unknown(),
  error: z.object({ error_type: z.string(), error_message: z.string() }).nullable(),
  logs: z.array(z.string()).optional(),
});

export type Task = z.infer<typeof taskSchema>;

export const taskPageSchema = z.object({ items: z.array(taskSchema), next_cursor: z.string().nullable() });

export type TaskPage = z.infer<typeof taskPageSchema>;

/** What getJobInfo adds to the job; each part only when asked for. */
export const jobInfoSchema = batchJobSchema.extend({
  metrics: z
    .object({
      duration_ms: z.number().nullable(),
      throughput_per_s: z.number().nullable(),
      task_ms_p50: z.number().nullable(),
      task_ms_p99: z.number().nullable(),
      submit_to_done_ms_p50: z.number().nullable(),
      submit_to_done_ms_p99: z.number().nullable(),
      retries: z.int(),
      recovered: z.int(),
      first_try_share: z.number().nullable(),
    })
    .optional(),
  task_details: taskPageSchema.optional(),
  logs: z.array(z.object({ task_id: z.string(), attempt: z.int(), lines: z.array(z.string()) })).optional(),
  events_url: z.string().optional().describe('where to follow the job, when real_time was asked for'),
});

export type JobInfo = z.infer<typeof jobInfoSchema>;

export const listJobsSchema = z.strictObject({
  status: z.array(z.enum(jobStatuses)).max(jobStatuses.length).optional(),
  type: jobTypeSchema.optional(),
  product_id: nameSchema(limits.idLength).optional(),
  sending_group_id: nameSchema(limits.idLength).optional(),
  user_id: nameSchema(limits.idLength).optional(),
  label: z
    .string()
    .max(limits.labelKeyLength + limits.labelValueLength + 1)
    .regex(/^[^=]+=.*$/, 'key=value')
    .optional(),
  created_after: z.iso.datetime({ offset: true }).optional(),
  created_before: z.iso.datetime({ offset: true }).optional(),
  ...pageShape,
});

export const jobPageSchema = z.object({ items: z.array(batchJobSchema), next_cursor: z.string().nullable() });

export type JobPage = z.infer<typeof jobPageSchema>;
