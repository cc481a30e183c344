import { z } from 'zod';
import { detailedStatusSchema, jobIdSchema, taskCountsSchema, waitingReasons } from '../job/batch-job.js';
import { jobStatuses } from '../job/job-status.js';

const secondsLeft = z.number().nullable();

/** How a job goes on, as the topic `job:<id>` of the stream tells it again and again. */
export const liveJobSchema = z.object({
  job_id: jobIdSchema,
  as_of: z.string().describe('When it was so.'),
  status: z.enum(jobStatuses).describe('The state that the job is in.'),
  phase: detailedStatusSchema.shape.current_phase,
  progress_percentage: detailedStatusSchema.shape.progress_percentage,
  total_tasks: z.int().nullable().describe('All its tasks; null while a plan handler is still to make them.'),
  ended_tasks: z.int().describe('Tasks that have ended, in whatever way.'),
  active_tasks: detailedStatusSchema.shape.active_tasks,
  error_count: detailedStatusSchema.shape.error_count,
  task_counts: taskCountsSchema,
  tasks_per_s: z
    .number()
    .nullable()
    .describe('Tasks that ended in a second, of the last ten; null until two readings are there.'),
  errors_per_s: z
    .number()
    .nullable()
    .describe('Runs that failed in a second, of the last ten; null until two readings are there.'),
  eta: z
    .object({
      seconds: z.number().describe('Seconds until its last task ends, as it went in the last minute.'),
      interval_s: z
        .tuple([z.number(), secondsLeft])
        .describe('Between how many seconds it lies with 95 %; null as the second where it may take for ever.'),
      at: z.string().describe('The time that `seconds` leads to.'),
    })
    .nullable()
    .describe('When it will be done; null where nothing has ended lately, and where it does not run.'),
  waiting_reason: z.enum(waitingReasons).optional().describe('Why no more of it can start; see getJob.'),
  is_over: z.boolean().describe('Nothing more will happen to it: it has completed or was cancelled.'),
});

export type LiveJob = z.infer<typeof liveJobSchema>;
