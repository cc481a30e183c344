import { z } from 'zod';
import { jobIdSchema } from '../job/batch-job.js';
import { jobStatuses } from '../job/job-status.js';
import { timeSchema } from '../period.js';

export const jobMetricNames = ['cpu', 'memory', 'duration', 'throughput'] as const;

export type JobMetricName = (typeof jobMetricNames)[number];

/** Jobs of one request, and buckets of an answer. */
export const jobMetricsMax = { jobs: 20, buckets: 1_000 };

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const intervalMin = 10_000;

/** Milliseconds of a text such as `30s`, `5m`, `1h`, `1d`; null for one that is none. */
export function intervalMsOf(text: string): number | null {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? null : Number(count) * unitMs[unit as keyof typeof unitMs];
}

export const getJobMetricsSchema = z
  .strictObject({
    job_ids: z.array(jobIdSchema).min(1).max(jobMetricsMax.jobs).describe('The jobs.'),
    metrics: z
      .array(z.enum(jobMetricNames))
      .min(1)
      .max(jobMetricNames.length)
      .default([...jobMetricNames])
      .describe('What is wanted of each; all of it when absent.'),
    interval: z
      .string()
      .refine((text) => (intervalMsOf(text) ?? 0) >= intervalMin, { message: 'a whole number and s, m, h or d, of at least 10s' })
      .optional()
      .describe('How long a bucket is, such as 30s, 5m, 1h; what suits the time asked for when absent.'),
    start_time: timeSchema.optional().describe('The first moment; when absent, the start of the earliest of the jobs.'),
    end_time: timeSchema.optional().describe('The first moment after it; when absent, the end of the last of the jobs, or now.'),
  })
  .refine(({ start_time: start, end_time: end }) => !start || !end || Date.parse(start) < Date.parse(end), {
    message: 'a time after start_time',
    path: ['end_time'],
  });

export type GetJobMetrics = z.output<typeof getJobMetricsSchema>;

const seriesSchema = z.object({
  unit: z.enum(['cores', 'MiB', 'ms', '1/s']).describe('What the values are in.'),
  basis: z
    .enum(['measured', 'shared', 'mixed', 'none'])
    .describe(
      "measured: of processes that were the job's own. shared: of workers that run others too, the CPU by the time that its runs took, the memory that of the whole process. mixed: both. none: nothing was sampled.",
    ),
  values: z.array(z.number().nullable()).describe('One a bucket; null where nothing was sampled.'),
  mean: z.number().nullable().describe('Over all that was sampled; of durations over all runs that ended.'),
  max: z.number().nullable().describe('The largest of the values.'),
});

export const jobMetricsSchema = z.object({
  start_time: z.string().describe('When the first bucket begins: a multiple of the interval since 1970.'),
  end_time: z.string().describe('When the last one ends.'),
  interval: z.string().describe('How long a bucket is.'),
  interval_ms: z.int().describe('The same in milliseconds.'),
  is_widened: z
    .boolean()
    .describe('The interval is longer than was asked for: there would be too many buckets, or so fine is not kept for so long.'),
  resolution: z.enum(['sample', 'minute', 'hour']).describe('What the buckets are made of, as long as each is kept.'),
  jobs: z
    .array(
      z.object({
        job_id: jobIdSchema,
        status: z.enum(jobStatuses).describe('The state that it is in.'),
        cpu: seriesSchema.optional().describe('Cores that it used, all workers together, on average.'),
        memory: seriesSchema.optional().describe('Memory that it used, all workers together, at most.'),
        duration: seriesSchema.optional().describe('How long the runs took that ended, on average.'),
        throughput: seriesSchema.optional().describe('Runs that ended in a second, well or not.'),
      }),
    )
    .describe('Those that were asked for, in their order.'),
});

export type JobMetricsAnswer = z.infer<typeof jobMetricsSchema>;
export type MetricSeries = z.infer<typeof seriesSchema>;
