import { z } from 'zod';
import { taskIdPattern } from '../identifiers.js';
import { jobIdSchema } from '../job/batch-job.js';
import { pageOf, pageShape } from '../page.js';
import { taskStates } from './task-state.js';

export const listTasksSchema = z.strictObject({
  job_id: jobIdSchema,
  state: z
    .enum(taskStates as [string, ...string[]])
    .optional()
    .describe('Only the tasks in this state.'),
  parents_of: z
    .string()
    .regex(taskIdPattern, 'a task id')
    .optional()
    .describe('Only the tasks that this one waits for, in its order.'),
  order: z.enum(['asc', 'desc']).default('asc').describe('desc: the last task first; not beside parents_of.'),
  ...pageShape,
});

export const taskSchema = z.object({
  id: z.string().regex(taskIdPattern).describe('The task.'),
  key: z.string().nullable().describe("The caller's own id of it."),
  job_id: jobIdSchema,
  type: z.string().describe('Which handler runs it.'),
  state: z.enum(taskStates as [string, ...string[]]).describe('The state that it is in.'),
  attempts: z.int().describe('Runs so far.'),
  started_at: z.string().nullable().describe('When its last run began.'),
  finished_at: z.string().nullable().describe('When its last run ended.'),
  duration_ms: z.number().nullable().describe('How long its last run took.'),
  next_attempt_at: z.string().nullable().describe('When it will be tried again.'),
  has_steps: z.literal(true).optional().describe('Its handler has kept steps: listSteps gives them.'),
  payload: z.unknown().describe('What its handler gets.'),
  depends_on: z.array(z.string()).optional().describe('The own ids of the tasks that have to be done before it runs.'),
  result: z.unknown().describe('What its handler gave back; of a failed run, what it gave with the failure.'),
  error: z
    .object({
      error_type: z.string().describe('The kind of failure.'),
      error_message: z.string().describe('What the handler said.'),
    })
    .nullable()
    .describe('Its last failure.'),
  logs: z.array(z.string()).optional().describe('Lines that its last run logged.'),
});

export type Task = z.infer<typeof taskSchema>;

export const taskPageSchema = pageOf(taskSchema);

export type TaskPage = z.infer<typeof taskPageSchema>;
