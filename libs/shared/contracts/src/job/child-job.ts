import { z } from 'zod';
import { jobIdPattern, taskIdPattern } from '../identifiers.js';

/** What may befall a job with its parent. */
export const fates = ['cancel', 'delete'] as const;

export const withParentSchema = z
  .array(z.enum(fates))
  .max(fates.length)
  .describe('What befalls it with its parent. cancel: it is cancelled with it. delete: it is deleted with it.');

export const lineageShape = {
  parent_job_id: z.string().optional().describe('The job of which a handler has made it.'),
  with_parent: withParentSchema.optional(),
};

export const childJobsSchema = z.object({
  count: z.int().min(0).describe('How many there are.'),
  newest: z.array(z.string()).describe('The last that were made, the newest first; twenty at most.'),
});

/** A handler makes another job of the job that its task is of. */
export const createChildJobSchema = z.strictObject({
  job_id: z.string().regex(jobIdPattern, 'the id of a job').describe('The job that the task is of, which becomes the parent.'),
  task_id: z.string().regex(taskIdPattern, 'the id of a task').describe('The task whose handler asks.'),
  name: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[\x20-\x7e]+$/, 'printable ASCII')
    .describe('Tells it from other jobs that the task makes: of one name it makes one, at each attempt the same.'),
  with_parent: withParentSchema.default([]),
  job: z.record(z.string(), z.unknown()).describe('A job as createJob takes it, with its tasks if it has any.'),
});
