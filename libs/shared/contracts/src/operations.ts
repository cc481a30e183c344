import { z } from 'zod';
import { batchJobSchema } from './job/batch-job.js';
import { checkJobsSchema, jobCheckSchema, readJobsAnswerSchema, readJobsSchema } from './job/job-comparison.js';
import {
  abandonUploadSchema,
  checkQueuesSchema,
  commitUploadSchema,
  createJobSchema,
  getJobInfoSchema,
  jobIdRequestSchema,
  jobInfoSchema,
  jobPageSchema,
  jobReceiptSchema,
  listJobsSchema,
  listTasksSchema,
  stageTasksSchema,
  taskPageSchema,
  unservedQueuesSchema,
} from './job/job-requests.js';
import { jobExplanationSchema } from './job/job-wait.js';
import {
  errorGroupListSchema,
  errorPageSchema,
  errorRecordSchema,
  getErrorSchema,
  listErrorGroupsSchema,
  listErrorsSchema,
  manualRecoverSchema,
  recoveryReceiptSchema,
} from './recovery/error-record.js';
import {
  configureRetrySchema,
  retryConfigListSchema,
  retryConfigReceiptSchema,
  unsetRetryReceiptSchema,
  unsetRetrySchema,
} from './recovery/retry-config.js';
import { discardTasksSchema, deferTasksSchema, retryTasksSchema, requeueTasksSchema } from './recovery/recovery-commands.js';
import { checkTasksSchema, taskStatusesSchema } from './recovery/task-status.js';
import type { ServiceToken } from './subjects.js';

/** From least to most; each role may do what the ones before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof roles)[number];

/**
 * `job`: it names a job by `job_id`, and another tenant's is not there.
 * `records`: it names error records, or lists something; another tenant's are not there.
 * `new`: what it makes is his tenant's.
 * `platform`: it is about what all tenants share. He may read it and not change it.
 * `services`: one service asks it of another, about what a door has let in.
 */
export type Tenancy = 'job' | 'records' | 'new' | 'platform' | 'services';

interface Operation {
  service: ServiceToken;
  /** The endpoint whose `{action, data}` body reaches it; absent for reads with a path and for calls between services. */
  endpoint?: '/job-operations' | '/error-operations';
  role: Role;
  /** How it is kept to the tenant of whoever asks, where he is bound to one. */
  tenancy: Tenancy;
  about: string;
  /** Longest that its answer may take, in milliseconds, where it may take longer than others. */
  answerTimeoutMs?: number;
  /** The field of a request that travels as it is behind the JSON of the others: escaping a long text and reading it again costs more than all else. */
  textField?: string;
  request: z.ZodType;
  response: z.ZodType;
}

const staged = z.object({ staged: z.int().describe('Tasks that are staged now.') });

/** Every request that a service answers on `kin.req.<service>.<action>`, once. */
export const operations = {
  createJob: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'new',
    about: 'Accepts a job. The answer is given once the job is safe on disk.',
    request: createJobSchema,
    response: jobReceiptSchema,
  },
  cancelJob: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'job',
    about: 'Stops a job: what waits is cancelled at once, what runs is asked to stop.',
    request: jobIdRequestSchema,
    response: batchJobSchema,
  },
  getJobInfo: {
    service: 'metrics',
    endpoint: '/job-operations',
    role: 'viewer',
    tenancy: 'job',
    about:
      'A job with its metrics, tasks and logs, as far as asked for. While job-service does not answer: as the history last knew it, without tasks and logs.',
    request: getJobInfoSchema,
    response: jobInfoSchema,
  },
  configureRetry: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'admin',
    tenancy: 'platform',
    about: 'Sets how failures of an error type are retried, from the next failure on.',
    request: configureRetrySchema,
    response: retryConfigReceiptSchema,
  },
  unsetRetry: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'admin',
    tenancy: 'platform',
    about: 'Takes back what was set for an error type, and says what holds for it from the next failure on.',
    request: unsetRetrySchema,
    response: unsetRetryReceiptSchema,
  },
  manualRecover: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'operator',
    tenancy: 'records',
    about: 'Reruns the task of an error record, or those of a whole group, with changed parameters if need be.',
    // A group may hold every task of the largest job.
    answerTimeoutMs: 300_000,
    request: manualRecoverSchema,
    response: recoveryReceiptSchema,
  },
  getJob: {
    service: 'job',
    role: 'viewer',
    tenancy: 'job',
    about: 'A job as it is now.',
    request: jobIdRequestSchema,
    response: batchJobSchema,
  },
  explainJob: {
    service: 'job',
    role: 'viewer',
    tenancy: 'job',
    about: 'Why a job does not go on: what each part of its tasks waits for, who has it, how long it may take and what to do.',
    request: jobIdRequestSchema,
    response: jobExplanationSchema,
  },
  listTasks: {
    service: 'job',
    role: 'viewer',
    tenancy: 'job',
    about: 'The tasks of a job, a page at a time.',
    request: listTasksSchema,
    response: taskPageSchema,
  },
  checkTasks: {
    service: 'job',
    role: 'viewer',
    tenancy: 'services',
    about: 'Between services: how tasks stand of which nothing was heard for long.',
    request: checkTasksSchema,
    response: taskStatusesSchema,
  },
  checkQueues: {
    service: 'job',
    role: 'viewer',
    tenancy: 'services',
    about: 'Between services: which job types no worker offers to run.',
    request: checkQueuesSchema,
    response: unservedQueuesSchema,
  },
  checkJobs: {
    service: 'job',
    role: 'viewer',
    tenancy: 'services',
    about:
      'Between services: what the jobs of a range of ids come to in the record, newest first, to be held against the history.',
    request: checkJobsSchema,
    response: jobCheckSchema,
  },
  readJobs: {
    service: 'job',
    role: 'viewer',
    tenancy: 'services',
    about: 'Between services: jobs as they stand in the record.',
    request: readJobsSchema,
    response: readJobsAnswerSchema,
  },
  listJobs: {
    service: 'metrics',
    role: 'viewer',
    tenancy: 'records',
    about: 'Jobs, newest first.',
    request: listJobsSchema,
    response: jobPageSchema,
  },
  listErrors: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'Error records, newest first.',
    request: listErrorsSchema,
    response: errorPageSchema,
  },
  getError: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'One error record.',
    request: getErrorSchema,
    response: errorRecordSchema,
  },
  listErrorGroups: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'Error groups, largest first.',
    request: listErrorGroupsSchema,
    response: errorGroupListSchema,
  },
  listRetryConfigs: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'platform',
    about: 'The default policy and those set by error type.',
    request: z.strictObject({}),
    response: retryConfigListSchema,
  },
  stageTasks: {
    service: 'job',
    role: 'operator',
    tenancy: 'services',
    about:
      'Between services: stores a chunk of an upload or of a plan. Its tasks come behind the JSON of the rest, after a line feed.',
    textField: 'tasks',
    request: stageTasksSchema,
    response: staged,
  },
  commitUpload: {
    service: 'job',
    role: 'operator',
    tenancy: 'new',
    about: 'Between services: makes a job of staged chunks.',
    request: commitUploadSchema,
    response: jobReceiptSchema,
  },
  abandonUpload: {
    service: 'job',
    role: 'operator',
    tenancy: 'services',
    about: 'Between services: forgets staged chunks.',
    request: abandonUploadSchema,
    response: staged,
  },
} as const satisfies Record<string, Operation>;

/** The field of its requests that an action sends as it is; null where it has none, or there is no such action. */
export function textFieldOf(action: string): string | null {
  if (!Object.hasOwn(operations, action)) return null;
  const { textField }: Operation = operations[action as ActionName];
  return textField ?? null;
}

/** Whether an action changes something that one would want to know later who asked for; jobs that come in say so themselves. */
export function isAct(action: string): boolean {
  if (!Object.hasOwn(operations, action) || action === 'createJob') return false;
  const { endpoint, role }: Operation = operations[action as ActionName];
  return endpoint !== undefined && role !== 'viewer';
}

const answerTimeoutMsDefault = 10_000;

/** Longest that the answer of a service may take, in milliseconds. */
export function answerTimeoutMs(action: ActionName): number {
  const { answerTimeoutMs: own = answerTimeoutMsDefault }: Operation = operations[action];
  return own;
}

export type ActionName = keyof typeof operations;
export type ActionRequest<Action extends ActionName> = z.output<(typeof operations)[Action]['request']>;
export type ActionInput<Action extends ActionName> = z.input<(typeof operations)[Action]['request']>;
export type ActionResponse<Action extends ActionName> = z.output<(typeof operations)[Action]['response']>;

/** Every durable command on `kin.cmd.<action>`, once. */
export const commands = {
  createJob: { about: 'Accepts a job from an event producer.', data: createJobSchema },
  deferTasks: { about: 'Failed tasks will be tried again at a time.', data: deferTasksSchema },
  retryTasks: { about: 'The time of waiting tasks has come.', data: retryTasksSchema },
  discardTasks: { about: 'Failed tasks will not be tried again by themselves.', data: discardTasksSchema },
  requeueTasks: { about: 'A person asks for tasks to run again.', data: requeueTasksSchema },
} as const satisfies Record<string, { about: string; data: z.ZodType }>;

export type CommandName = keyof typeof commands;
export type CommandData<Name extends CommandName> = z.output<(typeof commands)[Name]['data']>;
