import type { z } from 'zod';
import { updateBatchJobSchema } from './job/external-job.js';
import { createJobSchema } from './job/job-requests.js';
import { deferTasksSchema, discardTasksSchema, requeueTasksSchema, retryTasksSchema } from './recovery/recovery-commands.js';

/** Every durable command on `kin.cmd.<action>`, once. */
export const commands = {
  createJob: { about: 'Accepts a job from an event producer.', data: createJobSchema },
  updateBatchJob: { about: 'The producer of an external job reports how far it is.', data: updateBatchJobSchema },
  deferTasks: { about: 'Failed tasks will be tried again at a time.', data: deferTasksSchema },
  retryTasks: { about: 'The time of waiting tasks has come.', data: retryTasksSchema },
  discardTasks: { about: 'Failed tasks will not be tried again by themselves.', data: discardTasksSchema },
  requeueTasks: { about: 'A person asks for tasks to run again.', data: requeueTasksSchema },
} as const satisfies Record<string, { about: string; data: z.ZodType }>;

export type CommandName = keyof typeof commands;
/** Those by which recovery-service has tasks moved. */
export type TaskCommandName = Exclude<CommandName, 'createJob' | 'updateBatchJob'>;
export type CommandData<Name extends CommandName> = z.output<(typeof commands)[Name]['data']>;
