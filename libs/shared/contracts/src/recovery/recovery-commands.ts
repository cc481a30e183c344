import { z } from 'zod';
import { taskIdPattern } from '../identifiers.js';
import { customParamsSchema } from './error-record.js';

const taskIdSchema = z.string().regex(taskIdPattern, 'a task id');
const attemptSchema = z.int().min(1);

/** A failed task will be tried again at a time; until then it waits. */
export const deferTasksSchema = z.strictObject({
  tasks: z
    .array(z.strictObject({ task_id: taskIdSchema, attempt: attemptSchema, next_attempt_at: z.iso.datetime() }))
    .min(1)
    .max(1000),
});

/** The time of waiting tasks has come; `attempt` is the one that failed, so that a repeated command changes nothing. */
export const retryTasksSchema = z.strictObject({
  tasks: z
    .array(z.strictObject({ task_id: taskIdSchema, attempt: attemptSchema }))
    .min(1)
    .max(1000),
});

/** A failed task will not be tried again by itself. */
export const buryTasksSchema = z.strictObject({
  tasks: z
    .array(z.strictObject({ task_id: taskIdSchema, attempt: attemptSchema, reason: z.string().max(200) }))
    .min(1)
    .max(1000),
});

/** A person asks for tasks to run again; the params are laid over each payload. */
export const reviveTasksSchema = z.strictObject({
  tasks: z
    .array(z.strictObject({ task_id: taskIdSchema, attempt: attemptSchema }))
    .min(1)
    .max(1000),
  params: customParamsSchema.optional(),
});

export type DeferTasks = z.output<typeof deferTasksSchema>;
export type RetryTasks = z.output<typeof retryTasksSchema>;
export type BuryTasks = z.output<typeof buryTasksSchema>;
export type ReviveTasks = z.output<typeof reviveTasksSchema>;
