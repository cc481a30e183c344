import { z } from 'zod';
import { taskIdPattern, workerIdSchema } from '../identifiers.js';
import { jobIdSchema, nameSchema } from '../job/batch-job.js';
import { limits } from '../limits.js';
import { pageOf, pageShape } from '../page.js';
import { utf8Length } from '../utf8-bytes.js';

export const stepNameSchema = nameSchema(limits.idLength);

const taskIdSchema = z.string().regex(taskIdPattern, 'a task id');
const sequenceSchema = z
  .int()
  .min(0)
  .max(limits.stepsPerTask - 1);

/** A worker has what a part of a handler returned kept. It goes on with the next part once that is safe. */
export const keepStepSchema = z.strictObject({
  task_id: taskIdSchema.describe('The task.'),
  worker_id: workerIdSchema.describe('The worker that runs it.'),
  fence: z.int().min(0).describe('The token of the lease under which it runs.'),
  attempt: z.int().min(1).describe('Which run of the task it is.'),
  sequence: sequenceSchema.describe('The place of the step among those of its task.'),
  name: stepNameSchema.describe('What its handler calls the step.'),
  started_at: z.int().min(0).describe('When it began, in milliseconds since 1970.'),
  took_us: z.int().min(0).describe('How long it took, in microseconds.'),
  result: z
    .string()
    .refine((text) => utf8Length(text) <= limits.stepBytes, `at most ${limits.stepBytes} bytes`)
    .describe('What it returned, as JSON; empty where it returned nothing.'),
});

export type KeepStep = z.output<typeof keepStepSchema>;

export const keptStepSchema = z.object({ kept: z.literal(true).describe('It is safe.') });

export const listStepsSchema = z.strictObject({ job_id: jobIdSchema, task_id: taskIdSchema.describe('The task.'), ...pageShape });

export const stepSchema = z.object({
  name: z.string().describe('What its handler calls it.'),
  sequence: z.int().describe('Its place among the steps of the task.'),
  attempt: z.int().describe('The run of the task in which it was done.'),
  started_at: z.string().describe('When it began.'),
  finished_at: z.string().describe('When it was done.'),
  duration_ms: z.number().describe('How long it took.'),
  result: z.unknown().optional().describe('What it returned; absent where it returned nothing.'),
});

export type Step = z.infer<typeof stepSchema>;

export const stepPageSchema = pageOf(stepSchema);

export type StepPage = z.infer<typeof stepPageSchema>;
