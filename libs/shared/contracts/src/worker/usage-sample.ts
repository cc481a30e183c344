import { z } from 'zod';
import { workerIdSchema } from '../identifiers.js';
import { limits } from '../limits.js';

/** Jobs that one sample tells of: those that were busiest. */
export const sampledJobsMax = 200;

const amount = z.number().min(0);
const countSchema = z.int().min(0);

const jobUsageSchema = z.object({
  job_id: z.string().max(limits.idLength),
  /** Milliseconds of its runs within the sample, added up. */
  busy_ms: amount,
  cpu_ms: amount,
  memory_mib: amount.nullable(),
  /** Measured of processes of its own; otherwise its share of the worker's process, by the time that its runs took. */
  measured: z.boolean(),
  /** Runs that ended: well, and not. */
  done: countSchema,
  failed: countSchema,
  /** How long those that ended took, added up. */
  run_ms: amount,
});

/** What a worker, and the jobs that it ran tasks of, used since the sample before. Sent every few seconds, and lost with the line. */
export const usageSampleSchema = z.object({
  v: z.literal(1),
  worker_id: workerIdSchema,
  host: z.string().max(256),
  span_ms: amount.max(7_200_000),
  busy_ms: amount,
  cpu_ms: amount,
  memory_mib: amount,
  /** Share of the time in which its event loop was busy. */
  loop_share: amount.max(1),
  slots: countSchema,
  done: countSchema,
  failed: countSchema,
  jobs: z.array(jobUsageSchema).max(sampledJobsMax),
});

export type UsageSample = z.infer<typeof usageSampleSchema>;
