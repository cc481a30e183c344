import { z } from 'zod';
import { limits } from '../limits.js';
import { jobStatuses, type JobStatus } from './job-status.js';

/** A key that jobs of one tenant share. */
export const jobKeySchema = z
  .string()
  .min(1)
  .max(limits.jobKeyLength)
  .regex(/^[\x20-\x7e]+$/, 'printable ASCII');

/** States in which a job may hold its unique key: a job that is being deleted holds none. */
const holdingStatuses = jobStatuses.filter((status): status is Exclude<JobStatus, 'deleting'> => status !== 'deleting');

const openStatuses = ['scheduled', 'pending', 'running', 'paused', 'recovering', 'cancelling'] as const;

export const uniqueConflicts = ['reject', 'return', 'replace'] as const;

export const uniqueSchema = z.strictObject({
  key: jobKeySchema.describe('At most one job of the tenant holds it at a time.'),
  while: z
    .array(z.enum(holdingStatuses))
    .min(1)
    .max(holdingStatuses.length)
    .default([...openStatuses])
    .describe(
      'The states in which the job holds the key; when absent, all in which it has not ended. States from which a job can come to one of these are added.',
    ),
  on_conflict: z
    .enum(uniqueConflicts)
    .default('reject')
    .describe(
      'While another job holds the key. reject: the job is refused, and its holder named. return: the holder is the answer. replace: the holder is cancelled, and the job takes its place once it has ended.',
    ),
});

export type Unique = z.output<typeof uniqueSchema>;

export const concurrencySchema = z.strictObject({
  key: jobKeySchema.describe('All jobs of the tenant with this key are counted together.'),
  limit: z
    .int()
    .min(1)
    .max(100_000)
    .describe('Tasks under the key that workers hold at once, at most; each job is held to its own limit.'),
});

export type Concurrency = z.output<typeof concurrencySchema>;

export const rateLimitSchema = z.strictObject({
  key: jobKeySchema.describe('All jobs of the tenant with this key share one rate.'),
  per_second: z
    .number()
    .min(0.001)
    .max(100_000)
    .describe('Runs of tasks that begin in a second, on average; 0.1 is one in ten seconds.'),
  burst: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe(
      'Runs that may begin at once after a rest; as many as in a second when absent. A restart of the platform counts as no rest.',
    ),
});

export type RateLimit = z.output<typeof rateLimitSchema>;
