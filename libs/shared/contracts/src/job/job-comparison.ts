import { z } from 'zod';
import { placeOfBundledJob } from '../identifiers.js';
import { batchJobSchema, jobIdSchema } from './batch-job.js';
import { isFinished, type JobStatus } from './job-status.js';

/** A UUIDv7, or the first part of one: a bound of ids, and by their first 48 bits one of time. */
const boundSchema = z
  .string()
  .max(36)
  .regex(/^[0-9a-f-]*$/, 'a UUID or the first part of one');

const pageMax = 500;

/** Jobs by the UUID in their id: from the first bound on, up to the second, which is not among them. */
export const checkJobsSchema = z.strictObject({
  from: boundSchema.describe('The lowest UUID that may be in an id.'),
  before: boundSchema.describe('The lowest one above that is too high.'),
  listed: z.boolean().default(false).describe('Whether the jobs are told one by one.'),
});

export const jobVersionSchema = z.object({
  job_id: jobIdSchema,
  version: z.string().describe('How the job stands, in a word that changes whenever a reader of lists sees something else.'),
});

export type JobVersion = z.infer<typeof jobVersionSchema>;

export const jobCheckSchema = z.object({
  from: z
    .string()
    .describe(
      'Where the page that was looked at begins: the next one ends there. It is the last one if it begins where was asked for.',
    ),
  count: z.int().describe('Jobs of the page.'),
  digest: z.string().describe('What the jobs and their versions come to: alike for alike jobs, in whatever order.'),
  jobs: z.array(jobVersionSchema).optional().describe('The jobs of the page, where they are asked for.'),
});

export const readJobsSchema = z.strictObject({
  job_ids: z.array(jobIdSchema).min(1).max(100).describe('The jobs that it is about.'),
});

export const readJobsAnswerSchema = z.object({
  as_of: z.int().describe('When it began to look, in epoch milliseconds: what has happened since may be missing.'),
  jobs: z.array(batchJobSchema).describe('Those that there are, as they stand on disk.'),
});

/** Jobs of a page; the last bundle of it may bring 255 more. */
export const checkedJobsMax = pageMax;

/**
 * The version of a job. Two who agree on it show the same in lists. That a job of one task is with a worker is told by no
 * event, and its end by the clock of its worker only if it has ever begun.
 */
export function jobVersion(jobId: string, status: JobStatus, startedMs: number | null, finishedMs: number | null): string {
  if (isFinished(status)) return `${status} ${startedMs === null ? 0 : (finishedMs ?? 0)}`;
  return placeOfBundledJob(jobId) && status !== 'paused' ? 'open' : status;
}

/** The first part of every UUIDv7 that is made in this millisecond. */
export function uuidBoundOf(epochMs: number): string {
  const hex = Math.max(0, Math.floor(epochMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** What jobs and their versions come to, in 64 bits. */
export function digestOfJobs(jobs: readonly JobVersion[]): string {
  let [low, high] = [0, 0];
  for (const { job_id, version } of jobs) {
    const text = `${job_id} ${version}`;
    low = (low + hashOf(text, 0x811c9dc5)) >>> 0;
    high = (high + hashOf(text, 0x9dc5811c)) >>> 0;
  }
  return `${low.toString(36)}.${high.toString(36)}`;
}

/** FNV-1a. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
