import { z } from 'zod';
import { limits } from '../limits.js';
import { errorTypeSchema } from '../recovery/error-record.js';
import { detailedStatusSchema, jobIdSchema, nameSchema } from './batch-job.js';
import { jobStatuses } from './job-status.js';

/** What is given of it is changed; the rest stays. */
const reportedStatusSchema = z
  .strictObject({
    current_phase: nameSchema(limits.phaseLength).optional().describe('What it is busy with, in a word.'),
    progress_percentage: detailedStatusSchema.shape.progress_percentage
      .optional()
      .describe('How far it is. A lower one than was reported before changes nothing until the job is retried.'),
    active_tasks: detailedStatusSchema.shape.active_tasks.optional().describe('How many tasks run now.'),
    error_count: detailedStatusSchema.shape.error_count.optional().describe('Runs that failed so far.'),
  })
  .refine((status) => Object.keys(status).length > 0, 'at least one of its fields');

export const updateBatchJobSchema = z
  .strictObject({
    job_id: jobIdSchema,
    status: z
      .enum(jobStatuses)
      .optional()
      .describe('Where it is now. Of a job that workers run only paused, running, cancelling and cancelled can be asked for.'),
    detailed_status: reportedStatusSchema
      .optional()
      .describe('How far it is. Of a job that workers run it follows from its tasks, and cannot be written.'),
    error_details: z
      .strictObject({
        code: errorTypeSchema.describe('The kind of failure, such as `smtp.451`; the rules of error types classify it.'),
        message: z
          .string()
          .max(5 * limits.errorMessageLength)
          .describe('What went wrong.'),
        stack: z
          .string()
          .max(5 * limits.stackLength)
          .optional()
          .describe('Where it went wrong.'),
      })
      .optional()
      .describe('Becomes an error record of the job. Of a job that workers run the errors are those of its tasks.'),
    expected_version: z
      .int()
      .min(1)
      .optional()
      .describe('Changes it only while its `version` is still this one. HTTP takes it as If-Match too.'),
  })
  .refine((update) => update.status !== undefined || update.detailed_status !== undefined || update.error_details !== undefined, {
    message: 'at least one of status, detailed_status and error_details',
    path: ['status'],
  });

export type UpdateBatchJob = z.output<typeof updateBatchJobSchema>;
