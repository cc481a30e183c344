import { z } from 'zod';
import { taskIdPattern } from '../identifiers.js';
import { jobStatuses } from '../job/job-status.js';
import { taskStates } from '../task/task-state.js';

const taskIdSchema = z
  .string()
  .regex(taskIdPattern, 'an id like task_01890a5d-ac96-774b-bcce-b302099a8057.0.17')
  .describe('The task.');

/** Tasks of which recovery-service has heard nothing for long, or those of a page of jobs that may have begun. */
export const checkTasksSchema = z.strictObject({
  task_ids: z.array(taskIdSchema).min(1).max(1000).describe('The tasks that it is about.'),
});

/** How a task stands on disk. */
export const taskStatusSchema = z.object({
  task_id: taskIdSchema,
  state: z.enum(taskStates as [string, ...string[]]).describe('The state that it is in.'),
  attempts: z.int().describe('Runs so far.'),
  job_status: z.enum(jobStatuses).describe('The state that its job is in.'),
});

export type TaskStatus = z.infer<typeof taskStatusSchema>;

export const taskStatusesSchema = z.object({
  tasks: z.array(taskStatusSchema).describe('Those that there are; one that is left out, or its job, no longer exists.'),
});
