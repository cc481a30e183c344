import { z } from 'zod';
import type { Operation } from '../operation.js';
import { jobIdSchema } from './batch-job.js';

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
