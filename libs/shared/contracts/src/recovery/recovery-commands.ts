import { z } from 'zod';
import { taskIdPattern } from '../identifiers.js';
import { stepNameSchema } from '../task/step.js';
import { customParamsSchema } from './error-record.js';

const runShape = {
  task_id: z.string().regex(taskIdPattern, 'an id like task_01890a5d-ac96-774b-bcce-b302099a8057.0.17').describe('The task.'),
  attempt: z.int().min(1).describe('The run that failed, counted from 1, so that a repeated command changes nothing.'),
};

const tasksOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .array(z.strictObject({ ...runShape, ...shape }))
    .min(1)
    .max(1000)
    .describe('The tasks that it is about.');

/** A failed task will be tried again at a time; until then it waits. */
export const deferTasksSchema = z.strictObject({
  tasks: tasksOf({ next_attempt_at: z.iso.datetime().describe('When it will be tried again.') }),
});

/** The time of waiting tasks has come. */
export const retryTasksSchema = z.strictObject({ tasks: tasksOf({}) });

/** A failed task will not be tried again by itself. */
export const discardTasksSchema = z.strictObject({
  tasks: tasksOf({
    reason: z.string().max(200).describe('The step of the decision that gave it up.'),
    quarantine: z.literal(true).optional().describe('It is kept from running, and waits for a person.'),
    fail_job: z.literal(true).optional().describe('What is left of its job is stopped, and the job fails.'),
  }),
});

/** A person asks for tasks to run again; the params are laid over each payload. */
export const requeueTasksSchema = z.strictObject({
  tasks: tasksOf({}),
  params: customParamsSchema.optional().describe('Laid over the payload of each.'),
  from_step: stepNameSchema
    .optional()
    .describe('The step that is run anew with all behind it; where a task has not kept it, its steps stay. Absent: all stay.'),
});

export type DeferTasks = z.output<typeof deferTasksSchema>;
export type RetryTasks = z.output<typeof retryTasksSchema>;
export type DiscardTasks = z.output<typeof discardTasksSchema>;
export type RequeueTasks = z.output<typeof requeueTasksSchema>;
