import { z } from 'zod';
import type { Operation } from '../operation.js';
import { jobIdSchema } from './batch-job.js';
import { historyFiltersSchema } from './job-history.js';
import { finishedJobStatuses } from './job-status.js';

/** Jobs that are deleted together at most. */
export const deletedTogetherMax = 256;

export const deleteJobSchema = z.strictObject({
  job_id: jobIdSchema,
  force: z
    .boolean()
    .default(false)
    .describe('Also delete a job that has not ended: it is cancelled first, and deleted once nothing of it runs any more.'),
});

export const jobDeletionSchema = z.object({
  job_id: jobIdSchema,
  status: z
    .enum(['deleting', 'deleted'])
    .describe('`deleting` while something of it is still there: it goes by itself, also after a restart.'),
});

export type JobDeletion = z.infer<typeof jobDeletionSchema>;

/** Jobs that one request of deleteJobs deletes at most. */
export const deletedAtOnceMax = 200;

export const deleteJobsSchema = z.strictObject({
  filter: historyFiltersSchema
    .extend({
      status: z
        .array(z.enum(finishedJobStatuses))
        .min(1)
        .max(finishedJobStatuses.length)
        .default([...finishedJobStatuses])
        .describe('Only jobs that have ended so.'),
    })
    .refine((filter) => Object.keys(filter).length > 1, 'at least one filter beside status')
    .describe('Which jobs, as in a search of the history; at least one filter beside `status`. Jobs that have not ended stay.'),
  limit: z.int().min(1).max(deletedAtOnceMax).default(deletedAtOnceMax).describe('Jobs of this request at most.'),
  cursor: z.string().min(1).max(500).optional().describe('The next_cursor of the request before.'),
  dry_run: z.boolean().default(false).describe('Only say how many they are, and delete none.'),
});

export const jobDeletionsSchema = z.object({
  total: z.int().nullable().describe('All jobs that the filter fits; null where they are deleted, and not counted.'),
  deleting: z.int().describe('Jobs of this request that are deleted now, or are being deleted; 0 in a dry run.'),
  job_ids: z.array(jobIdSchema).describe('Those jobs.'),
  next_cursor: z.string().nullable().describe('With this the next request goes on; null at the end and in a dry run.'),
});

export type JobDeletions = z.infer<typeof jobDeletionsSchema>;

const jobIds = z.array(jobIdSchema).min(1).max(deletedTogetherMax).describe('The jobs that it is about.');
const forgetSchema = z.strictObject({ job_ids: jobIds });
const forgottenSchema = z.object({ forgotten: z.int().describe('Jobs of which nothing is kept any more.') });

/** How jobs are deleted: at one door, and then by the services that know of them. */
export const deletionOperations = {
  deleteJob: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about: 'Deletes a job with all that is kept of it: tasks, payloads, results, logs, history, error records and keys.',
    request: deleteJobSchema,
    response: jobDeletionSchema,
  },
  deleteJobs: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'records',
    about:
      'Deletes jobs that have ended and that a filter fits, oldest first, some at a time; in a dry run it says how many they are.',
    answerTimeoutMs: 60_000,
    request: deleteJobsSchema,
    response: jobDeletionsSchema,
  },
  forgetJobs: {
    service: 'metrics',
    role: 'operator',
    tenancy: 'services',
    about: 'Between services: removes deleted jobs from the history.',
    request: forgetSchema,
    response: forgottenSchema,
  },
  forgetFailures: {
    service: 'recovery',
    role: 'operator',
    tenancy: 'services',
    about: 'Between services: removes what is known of failures of deleted jobs.',
    request: forgetSchema,
    response: forgottenSchema,
  },
} as const satisfies Record<string, Operation>;
