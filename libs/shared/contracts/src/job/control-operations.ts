import { z } from 'zod';
import type { Operation } from '../operation.js';
import { batchJobSchema, jobIdSchema } from './batch-job.js';
import { updateBatchJobSchema } from './external-job.js';
import { rerunPartialSchema, rerunPlanSchema } from './partial-rerun.js';
import { jobIdRequestSchema, jobReceiptSchema, pauseJobSchema, setJobPrioritySchema } from './job-requests.js';

const retryReceiptSchema = z.object({
  ...jobReceiptSchema.omit({ replayed: true }).shape,
  original_job_id: jobIdSchema.describe('The job that failed; the same as job_id where its producer runs it again.'),
  retry_count: z.int().min(1).describe('Which retry it is, counted from 1.'),
});

export type RetryReceipt = z.infer<typeof retryReceiptSchema>;

/** What is asked of a job under way, and told of one. */
export const controlOperations = {
  cancelJob: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about: 'Stops a job: what waits is cancelled at once, what runs is asked to stop.',
    request: jobIdRequestSchema,
    response: batchJobSchema,
  },
  pauseJob: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about: 'Holds a job: none of its tasks is given to a worker until it is resumed. What runs goes on, or is handed back.',
    request: pauseJobSchema,
    response: batchJobSchema,
  },
  resumeJob: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about: 'Lets a paused job go on.',
    request: jobIdRequestSchema,
    response: batchJobSchema,
  },
  setJobPriority: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about: 'Sets the priority of a job that has something to run: its next tasks stand among others by it. What runs goes on.',
    request: setJobPrioritySchema,
    response: batchJobSchema,
  },
  updateBatchJob: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about:
      'Reports how far an external job is: its status by the lifecycle, its phase and progress, its errors. Of a job that workers run the status can be asked for as far as people may.',
    request: updateBatchJobSchema,
    response: batchJobSchema,
  },
  rerunPartial: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about:
      'Runs a part of a job again that is over: what has failed, with all that waits for it, as a new job that keeps what has succeeded. With dry_run, the plan of it.',
    answerTimeoutMs: 300_000,
    request: rerunPartialSchema,
    response: rerunPlanSchema,
  },
  retryJob: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about:
      'Runs a failed job again: as a new job with the same tasks and with `original_job_id`. Of an external job its producer is asked to run it again.',
    // The largest job is copied chunk by chunk.
    answerTimeoutMs: 300_000,
    request: jobIdRequestSchema,
    response: retryReceiptSchema,
  },
} as const satisfies Record<string, Operation>;
