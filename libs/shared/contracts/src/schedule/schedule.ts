import { z } from 'zod';
import { createJobSchema } from '../job/job-requests.js';
import { pageOf, pageShape } from '../page.js';

export const catchUps = ['none', 'last', 'all'] as const;
export const overlaps = ['skip', 'queue', 'replace', 'allow'] as const;

/** Bytes of the JSON of a scheduled job at most: it has to fit into one message with the rest. */
export const scheduledJobBytes = 512 * 1024;

export const scheduleNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, 'lower-case letters, digits, dots, dashes and underscores, at most 64')
  .describe('Its name, of which a tenant has one.');

const scheduledJobSchema = createJobSchema.omit({ idempotency_key: true, validate_only: true, run_at: true, deadline_at: true });

const optionalFields = {
  time_zone: z.string().min(1).max(64).optional().describe('The IANA time zone that `cron` is read in; UTC when absent.'),
  catch_up: z
    .enum(catchUps)
    .optional()
    .describe(
      'What becomes of ticks that nobody could keep for a minute or longer: none of them runs, the last does, or all do; last when absent.',
    ),
  overlap: z
    .enum(overlaps)
    .optional()
    .describe(
      'What becomes of a tick while the job of the tick before is under way. skip: it makes no job. queue: it waits for the end. ' +
        'replace: the job under way is cancelled. allow: both run. skip when absent.',
    ),
  jitter_s: z
    .int()
    .min(0)
    .max(3_600)
    .optional()
    .describe('Each tick runs up to so many seconds later, always by the same for the same tick; 0 when absent.'),
};

const cronSchema = z
  .string()
  .min(1)
  .max(200)
  .describe('Minute, hour, day of the month, month, day of the week; seconds may stand before them.');
const everySchema = z.int().min(1).max(31_536_000).describe('Seconds between two ticks, from when the schedule was made.');

export const createScheduleSchema = z
  .strictObject({
    name: scheduleNameSchema,
    cron: cronSchema.optional(),
    every_s: everySchema.optional(),
    ...optionalFields,
    job: scheduledJobSchema.describe('The job that each tick makes, as for createJob.'),
  })
  .refine(({ cron, every_s }) => (cron === undefined) !== (every_s === undefined), {
    path: ['cron'],
    message: 'either cron or every_s',
  });

/** What is left out stays as it is. */
export const updateScheduleSchema = z
  .strictObject({
    name: scheduleNameSchema,
    cron: cronSchema.optional(),
    every_s: everySchema.optional(),
    ...optionalFields,
    job: scheduledJobSchema.optional().describe('The job that each tick makes from now on.'),
  })
  .refine(({ cron, every_s }) => cron === undefined || every_s === undefined, {
    path: ['cron'],
    message: 'either cron or every_s',
  });

export const scheduleNameRequestSchema = z.strictObject({ name: scheduleNameSchema });

export const listSchedulesSchema = z.strictObject({ ...pageShape });

export const scheduleSchema = z.object({
  name: z.string().describe('Its name.'),
  tenant: z.string().describe('Whose it is, and whose its jobs are.'),
  user_id: z.string().describe('Who made it; its jobs are asked for in this name unless they say another.'),
  cron: z.string().nullable().describe('When it ticks; null where every_s says so.'),
  every_s: z.int().nullable().describe('Seconds between two ticks; null where cron says when.'),
  time_zone: z.string().describe('The time zone that cron is read in.'),
  catch_up: z.enum(catchUps).describe('What becomes of ticks that nobody could keep.'),
  overlap: z.enum(overlaps).describe('What becomes of a tick while the job before is under way.'),
  jitter_s: z.int().describe('Seconds by which a tick is late at most.'),
  paused: z.boolean().describe('Whether it makes no jobs until it is resumed.'),
  job: scheduledJobSchema.describe('The job that each tick makes.'),
  next_at: z.string().nullable().describe('The next tick, jitter left out; null while it is paused and when there is none.'),
  next_times: z.array(z.string()).optional().describe('The next ten ticks; told of one schedule, not in lists.'),
  last_tick: z.string().nullable().describe('The last tick that was kept or passed over.'),
  last_job_id: z.string().nullable().describe('The job that it made last.'),
  runs: z.int().describe('Ticks that made a job.'),
  skipped: z.int().describe('Ticks that made none because the job before was under way.'),
  missed: z.int().describe('Ticks that made none because nobody was there to keep them.'),
  created_at: z.string().describe('When it was made.'),
  updated_at: z.string().describe('When it was last changed by somebody.'),
});

export const schedulePageSchema = pageOf(scheduleSchema);
export const deletedScheduleSchema = z.object({ name: z.string().describe('The schedule that is gone; its jobs stay.') });

export type ScheduleView = z.infer<typeof scheduleSchema>;
export type SchedulePage = z.infer<typeof schedulePageSchema>;
export type CatchUp = (typeof catchUps)[number];
export type Overlap = (typeof overlaps)[number];
