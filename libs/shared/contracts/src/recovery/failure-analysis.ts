import { z } from 'zod';
import { jobIdSchema, errorTypesSchema } from '../job/batch-job.js';
import { periodSchema, rateIntervalSchema } from '../period.js';
import { errorGroupIdSchema, recoveryStatuses } from './error-record.js';

export const analyzeErrorsSchema = z.strictObject({
  period: periodSchema
    .optional()
    .describe('Tasks that failed last within it, with all that was done about them; the last 30 days when absent.'),
  error_types: z
    .array(errorTypesSchema)
    .min(1)
    .max(100)
    .optional()
    .describe('Only tasks that failed last with one of these types, or prefixes such as `smtp.*`.'),
  job_ids: z.array(jobIdSchema).min(1).max(1_000).optional().describe('Only tasks of these jobs.'),
});

const rateShape = {
  rate: z.number().nullable().describe('Their share; null where there is none to take it of.'),
  interval: rateIntervalSchema.describe('Where the true share lies with 95 % (Wilson).'),
};

const statusCountsSchema = z.record(z.enum(recoveryStatuses), z.int()).describe('Tasks by how far their recovery is.');

const kindShape = {
  tasks: z.int().describe('Tasks that failed.'),
  failed_runs: z.int().describe('Their runs that failed.'),
  by_status: statusCountsSchema,
  recovery: z
    .object({
      decided: z.int().describe('Tasks that recovered or were given up; those of external jobs are neither.'),
      ...rateShape,
    })
    .describe('Those of them that recovered.'),
  last_seen: z.string().describe('When one of them failed last.'),
};

const retrySuccessShape = {
  tried: z.int().describe('Such retries whose outcome is known.'),
  succeeded: z.int().describe('Those of them after which the task had recovered.'),
  ...rateShape,
};

export const failureAnalysisSchema = z.object({
  period: z
    .object({ start: z.string().describe('Its first moment.'), end: z.string().describe('The first moment after it.') })
    .describe('What it is of.'),
  totals: z
    .object({
      tasks: z.int().describe('Tasks that failed.'),
      jobs: z.int().describe('Jobs that they belong to.'),
      failed_runs: z.int().describe('Their runs that failed.'),
      retries: z.int().describe('Their retries.'),
      by_status: statusCountsSchema,
    })
    .describe('All of it.'),
  failure_rate: z
    .object({ runs: z.int().describe('Runs.'), failed_runs: z.int().describe('Those that failed.'), ...rateShape })
    .nullable()
    .describe(
      'Runs that failed among all runs, of jobs that were accepted in the period and have ended. Null where error types or jobs are named, and while metrics-service does not answer.',
    ),
  by_error_type: z
    .array(z.object({ error_type: z.string().describe('The kind of failure.'), ...kindShape }))
    .describe('The 50 that struck most tasks, most first.'),
  by_job_type: z
    .array(z.object({ job_type: z.string().describe('The type of the job.'), ...kindShape }))
    .describe('The 50 with most failed tasks, most first.'),
  retry_success: z
    .object({
      by_attempt: z
        .array(z.object({ attempt: z.int().describe('The run that was the retry, counted from 1.'), ...retrySuccessShape }))
        .describe('The first 20.'),
      by_delay: z
        .array(
          z.object({
            from_s: z.number().describe('Seconds that it waited, at least.'),
            to_s: z.number().nullable().describe('Seconds that it waited, less than this; null: no bound.'),
            ...retrySuccessShape,
          }),
        )
        .describe('By how long they waited.'),
    })
    .describe('How often automatic retries helped.'),
  time_to_recover: z
    .object({
      recovered: z.int().describe('Tasks that recovered.'),
      open: z.int().describe('Tasks that have not: they count for as long as they have been waiting.'),
      median_s: z
        .number()
        .nullable()
        .describe('Seconds after the first failure by which half had recovered; null where less have.'),
      p95_s: z.number().nullable().describe('Seconds by which 95 of 100 had; null where less have.'),
    })
    .describe('By Kaplan and Meier, so that what is still open does not make recoveries look quick.'),
  top_groups: z
    .array(
      z.object({
        group_id: errorGroupIdSchema,
        title: z.string().describe('The message, with what differs masked.'),
        error_type: z.string().describe('The kind of failure.'),
        tasks: z.int().describe('Tasks that failed so.'),
        jobs: z.int().describe('Jobs that they belong to.'),
        last_seen: z.string().describe('When one of them failed last.'),
      }),
    )
    .describe('The ten largest groups.'),
  trend: z
    .object({
      bucket_s: z.int().describe('Seconds of one bucket.'),
      buckets: z
        .array(
          z.object({
            start: z.string().describe('Its first moment.'),
            failed_runs: z.int().describe('Runs that failed in it.'),
            recovered: z.int().describe('Tasks that recovered in it.'),
          }),
        )
        .describe('From the first to the last, empty ones too.'),
    })
    .nullable()
    .describe('At most 100 buckets of one length; null where nothing failed.'),
});

export type FailureAnalysis = z.infer<typeof failureAnalysisSchema>;
