import { jobIdSchema } from '../job/batch-job.js';

/** Topics of the stream beside `job:<id>`. `fleet` is told as it is now, `jobs` and `groups` tell each event once. */
export const plainTopics = ['fleet', 'jobs', 'groups'] as const;

export type StreamTopic = { kind: (typeof plainTopics)[number] } | { kind: 'job'; jobId: string };

/** Topics of one connection. */
export const topicsMax = 50;

/** How often what is told as it is now may be told, in milliseconds. */
export const streamIntervalMs = { min: 500, max: 60_000, default: 1_000 };

const ofJob = 'job:';

/** The topic of that name; null where there is none. */
export function streamTopicOf(name: string): StreamTopic | null {
  const plain = plainTopics.find((topic) => topic === name);
  if (plain) return { kind: plain };
  const jobId = jobIdSchema.safeParse(name.slice(ofJob.length));
  return name.startsWith(ofJob) && jobId.success ? { kind: 'job', jobId: jobId.data } : null;
}

/** Where a client hears how a job goes on. */
export function liveUrlOf(jobId: string): string {
  return `/v1/stream?topics=${ofJob}${jobId}`;
}
