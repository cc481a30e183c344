import { z } from 'zod';
import { tenantSchema } from '../access/tenant.js';
import { limits } from '../limits.js';
import { periodSchema, rateIntervalSchema } from '../period.js';
import { batchJobSchema, errorTypesSchema, jobTypeSchema, nameSchema, statusFilterSchema } from './batch-job.js';
import { labelFilterSchema } from './job-requests.js';

/** What the history can be put in order by: a field that has an index. */
export const historySortFields = ['created_at'] as const;

/** What sums can be parted by. */
export const historyGroupFields = ['type', 'tenant', 'product_id', 'user_id', 'sending_group_id'] as const;

/** Jobs up to which a total is counted where no aggregation reads them all. */
export const historyTotalMax = 1_000;

/** The last job that can be reached by the number of its page. */
export const historyReachMax = 10_000;

export const historyFiltersSchema = z.strictObject({
  status: statusFilterSchema.optional(),
  date_range: periodSchema.optional().describe('Only jobs accepted within it.'),
  error_types: z
    .array(errorTypesSchema)
    .min(1)
    .max(100)
    .optional()
    .describe('Only jobs that have ended and of which a run failed with one of these types, or prefixes such as `smtp.*`.'),
  user_id: nameSchema(limits.idLength).optional().describe('Only jobs that this user asked for.'),
  type: jobTypeSchema.optional().describe('Only jobs of this type.'),
  product_id: nameSchema(limits.idLength).optional().describe('Only jobs of this product.'),
  sending_group_id: nameSchema(limits.idLength).optional().describe('Only jobs of this group.'),
  tenant: tenantSchema.optional().describe('Only jobs of this tenant; a key that is bound to one sees no other.'),
  label: labelFilterSchema.optional().describe('Only jobs with this label, as `key=value`.'),
  text: nameSchema(limits.idLength)
    .optional()
    .describe('Only jobs with this text in id, type, product, group, user or a label, in capitals or not.'),
  duration_ms: z
    .strictObject({
      min: z.number().min(0).optional().describe('At least so long.'),
      max: z.number().min(0).optional().describe('At most so long.'),
    })
    .optional()
    .describe('Only jobs that took this long from the first run to the end, in milliseconds.'),
});

/** A search in the history of jobs. What is left out does not matter. */
export const fetchJobHistorySchema = z.strictObject({
  filters: historyFiltersSchema.default({}).describe('Which jobs.'),
  pagination: z
    .strictObject({
      page: z.int().min(1).default(1).describe('The page, counted from 1.'),
      per_page: z.int().min(1).max(limits.pageSize).default(50).describe('Jobs of one page.'),
      cursor: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .describe('In place of page: the next_cursor of the page before, however deep.'),
    })
    .refine(({ page, per_page }) => page * per_page <= historyReachMax, {
      message: `a page within the first ${historyReachMax.toLocaleString('en')} jobs; go on with next_cursor, or narrow the filters`,
      path: ['page'],
    })
    .refine(({ page, cursor }) => page === 1 || cursor === undefined, { message: 'page or cursor', path: ['cursor'] })
    .prefault({})
    .describe('Which part of them.'),
  sort: z
    .strictObject({
      field: z.enum(historySortFields).default('created_at').describe('What has an index.'),
      order: z.enum(['asc', 'desc']).default('desc').describe('desc: newest first.'),
    })
    .prefault({})
    .describe('In which order.'),
  aggregations: z
    .strictObject({
      success_rate: z.boolean().default(false).describe('Share of the jobs that completed.'),
      avg_duration: z.boolean().default(false).describe('How long they took.'),
      error_rate: z.boolean().default(false).describe('Share of the runs that failed.'),
      histogram: z.boolean().default(false).describe('Jobs by when they were accepted.'),
      group_by: z.enum(historyGroupFields).optional().describe('The sums by each value of this field, too.'),
    })
    .prefault({})
    .describe('What is summed up over all jobs that the filters are about, and not over this page.'),
});

export type FetchJobHistory = z.output<typeof fetchJobHistorySchema>;

const countedSchema = z.object({
  jobs: z.int().describe('All jobs that the filters are about.'),
  completed: z.int().describe('Those that completed.'),
  failed: z.int().describe('Those that failed.'),
  cancelled: z.int().describe('Those that were cancelled.'),
  unfinished: z.int().describe('Those that have not ended; they are in none of the figures below.'),
  runs: z.int().describe('Runs of tasks of jobs that ended.'),
  failed_runs: z.int().describe('Those of them that failed.'),
});

const aggregationsSchema = z.object({
  counted: countedSchema.describe('What the figures are of.'),
  success_rate: z.number().nullable().optional().describe('completed / (completed + failed); null where none of them ended so.'),
  success_interval: rateIntervalSchema.optional().describe('Where the true rate lies with 95 % (Wilson).'),
  avg_duration: z.number().nullable().optional().describe('Milliseconds from the first run to the end, on average.'),
  duration_ms: z
    .object({
      p50: z.number().describe('Half took at most this.'),
      p95: z.number().describe('95 of 100 took at most this.'),
      p99: z.number().describe('99 of 100 took at most this.'),
      max: z.number().describe('The longest.'),
    })
    .nullable()
    .optional()
    .describe('With avg_duration: how the durations lie, exactly.'),
  error_rate: z.number().nullable().optional().describe('failed_runs / runs; null where nothing ran.'),
  error_interval: rateIntervalSchema.optional().describe('Where the true rate lies with 95 % (Wilson).'),
  histogram: z
    .object({
      bucket_s: z.int().describe('Seconds of one bucket.'),
      buckets: z
        .array(
          z.object({
            start: z.string().describe('Its first moment.'),
            jobs: z.int().describe('Jobs accepted in it.'),
            completed: z.int().describe('Those of them that completed.'),
            failed: z.int().describe('Those of them that failed.'),
          }),
        )
        .describe('From the first job to the last, empty ones too.'),
    })
    .nullable()
    .optional()
    .describe('At most 100 buckets of one length; null where there is no job.'),
  groups: z
    .array(
      countedSchema.extend({
        value: z.string().describe('The value of the field.'),
        success_rate: z.number().nullable().describe('As above, of these jobs.'),
        success_interval: rateIntervalSchema.describe('As above.'),
        error_rate: z.number().nullable().describe('As above.'),
        avg_duration: z.number().nullable().describe('As above.'),
      }),
    )
    .optional()
    .describe(
      'With group_by: the 100 values with the most jobs. Of more than 10,000 values the later ones are in the sums only.',
    ),
});

export type HistoryAggregations = z.infer<typeof aggregationsSchema>;

export const jobHistoryPageSchema = z.object({
  items: z.array(batchJobSchema).describe('The jobs of this page.'),
  begun_unknown: z
    .literal(true)
    .optional()
    .describe('job-service did not answer in time: those of one task that have begun are given as pending.'),
  pagination: z
    .object({
      page: z.int().nullable().describe('The page; null where a cursor was given.'),
      per_page: z.int().describe('Jobs of one page.'),
      total: z
        .int()
        .nullable()
        .describe(
          'Jobs that the filters are about, as far as they were counted; null where a cursor was given without aggregations.',
        ),
      total_is_capped: z
        .boolean()
        .describe(
          `Whether there may be more than total: without aggregations no more than ${historyTotalMax} are counted, and fewer where that would take long.`,
        ),
      next_cursor: z.string().nullable().describe('The cursor of the next page; null at the end.'),
    })
    .describe('Which part of them this is.'),
  aggregations: aggregationsSchema.optional().describe('What was asked for, over all jobs that the filters are about.'),
});

export type JobHistoryPage = z.infer<typeof jobHistoryPageSchema>;
