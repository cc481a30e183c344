import { z } from 'zod';
import { jobIdSchema } from './batch-job.js';
import { jobStatuses } from './job-status.js';

/** What a job, or a part of its tasks, may wait for. */
export const waitReasons = {
  STORE_AWAY: 'MongoDB does not answer: nothing is given out until it does.',
  PAUSED: 'Somebody has paused the job.',
  SCHEDULED: 'The time has not come from which its tasks may run.',
  DEPENDENCY: 'The tasks wait for others that are not done, or the job for other jobs.',
  PLANNING: 'A plan handler is still to make the tasks, or makes them now.',
  NO_WORKER: 'No worker offers to run tasks of the type.',
  MAX_PARALLEL: 'As many of its tasks run as max_parallel_tasks allows.',
  CONCURRENCY_KEY: 'As many tasks run as the limit of its concurrency key allows, in this job and others.',
  RATE_LIMIT: 'As many tasks have begun as the rate of its key allows.',
  RESOURCES: 'No worker has room now for what one of its tasks may use (resource_limits), or none ever has.',
  PRIORITY: 'The workers have no room, and tasks of a higher priority go first.',
  FAIRNESS:
    'The workers have no room, and the job takes turns with others of its priority: tenants share the workers, then their users, then their jobs.',
  WORKERS_FULL: 'The workers have no room: they run others, or wait for a free slot.',
  ISOLATION: 'The tasks have lost several workers, and wait for one that runs nothing else.',
  WEDGED: 'As things stand the job cannot end: what it waits for waits for it in turn, or for what nobody has.',
  PRODUCER: 'Somebody else runs the job: its producer, who reports it by updateBatchJob.',
  RETRY_DELAY: 'The tasks have failed, and are tried again later.',
  QUARANTINED: 'The tasks have lost too many workers: a person decides.',
  OUTCOME_UNKNOWN: 'The worker of an unsafe task was lost, and nobody knows whether it took effect: a person decides.',
} as const;

export type WaitReason = keyof typeof waitReasons;

const etaSchema = z.number().min(0).nullable();

export const jobWaitSchema = z.object({
  reason: z.enum(Object.keys(waitReasons) as [WaitReason, ...WaitReason[]]).describe(
    'What is waited for: ' +
      Object.entries(waitReasons)
        .map(([reason, about]) => `${reason}: ${about}`)
        .join(' '),
  ),
  tasks: z.int().nullable().describe('How many tasks wait for it; null while nobody knows how many the job has.'),
  what: z.string().describe('The same in a sentence, with its numbers.'),
  holder: z
    .string()
    .nullable()
    .describe('Who or what has what is waited for: a job, workers, a service; null where nobody has it.'),
  since: z.string().nullable().describe('When the wait began, as far as known.'),
  eta_s: etaSchema.describe('Seconds until the first of the tasks can start, as things stand; null where nobody can tell.'),
  eta_low_s: etaSchema.describe('Hardly sooner than this.'),
  eta_high_s: etaSchema.describe('Hardly later than this, unless something more urgent comes.'),
  do: z.string().nullable().describe('What shortens the wait; null where waiting is all.'),
});

export type JobWait = z.infer<typeof jobWaitSchema>;

export const jobExplanationSchema = z.object({
  job_id: jobIdSchema,
  status: z.enum(jobStatuses).describe('The state that it is in.'),
  as_of: z.string().describe('When it was so.'),
  waiting: z
    .array(jobWaitSchema)
    .describe('What it waits for, one entry for each kind of wait; empty where it waits for nothing.'),
});

export type JobExplanation = z.infer<typeof jobExplanationSchema>;
