import { z } from 'zod';
import type { Operation } from './operation.js';
import { auditOperations } from './audit/audit-operations.js';
import { deadLetterOperations } from './dead-letter/dead-letter-operations.js';
import { batchJobSchema } from './job/batch-job.js';
import { checkJobsSchema, jobCheckSchema, readJobsAnswerSchema, readJobsSchema } from './job/job-comparison.js';
import { fetchJobHistorySchema, jobHistoryPageSchema } from './job/job-history.js';
import { controlOperations } from './job/control-operations.js';
import {
  abandonUploadSchema,
  checkQueuesSchema,
  commitUploadSchema,
  createJobSchema,
  getJobInfoSchema,
  jobIdRequestSchema,
  jobInfoSchema,
  jobPageSchema,
  listJobsSchema,
  jobReceiptSchema,
  stageTasksSchema,
  unservedQueuesSchema,
  type JobReceipt,
} from './job/job-requests.js';
import { keepStepSchema, keptStepSchema, listStepsSchema, stepPageSchema } from './task/step.js';
import { listTasksSchema, taskPageSchema } from './task/task.js';
import { createChildJobSchema } from './job/child-job.js';
import { createJobsSchema, createdJobsSchema } from './job/create-jobs.js';
import { createJobAnswerSchema } from './job/job-preview.js';
import { jobExplanationSchema } from './job/job-wait.js';
import { checkWedgesSchema, wedgedJobsSchema } from './job/job-wedge.js';
import { poolOperations } from './pool/pool-operations.js';
import { recoveryOperations } from './recovery/recovery-operations.js';
import { groupOperations } from './recovery/group-operations.js';
import { groupRecoveryOperations } from './recovery/group-recovery.js';
import { checkTasksSchema, taskStatusesSchema } from './recovery/task-status.js';
import { logOperations } from './log/log-operations.js';
import { deletionOperations } from './job/job-deletion.js';
import { liveOperations } from './live/live-operations.js';
import { scheduleOperations } from './schedule/schedule-operations.js';
import { alertOperations } from './alert/alert-operations.js';
import { webhookOperations } from './webhook/webhook-operations.js';

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
    response: createJobAnswerSchema,
  },
  createJobs: {
    service: 'job',
    endpoint: '/job-operations',
    role: 'operator',
    tenancy: 'new',
    about: 'Accepts many jobs in one request. Each is answered for itself, once it is safe on disk or refused.',
    answerTimeoutMs: 60_000,
    request: createJobsSchema,
    response: createdJobsSchema,
  },
  ...controlOperations,
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
  fetchJobHistory: {
    service: 'metrics',
    endpoint: '/job-operations',
    role: 'viewer',
    tenancy: 'records',
    about: 'A search in the history of jobs, page by page, with sums over all jobs that the filters are about.',
    // Sums read each of them.
    answerTimeoutMs: 60_000,
    request: fetchJobHistorySchema,
    response: jobHistoryPageSchema,
  },
  ...liveOperations,
  ...recoveryOperations,
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
  listSteps: {
    service: 'job',
    role: 'viewer',
    tenancy: 'job',
    about: 'The steps of a task that are kept, which its next run goes on behind, a page at a time.',
    request: listStepsSchema,
    response: stepPageSchema,
  },
  ...scheduleOperations,
  ...webhookOperations,
  ...alertOperations,
  ...deletionOperations,
  ...groupOperations,
  ...groupRecoveryOperations,
  ...logOperations,
  ...poolOperations,
  ...auditOperations,
  ...deadLetterOperations,
  checkTasks: {
    service: 'job',
    role: 'viewer',
    tenancy: 'services',
    about: 'Between services: how tasks stand, and their jobs.',
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
  checkWedges: {
    service: 'job',
    role: 'viewer',
    tenancy: 'services',
    about: 'Between services: which of some jobs cannot end as things stand.',
    request: checkWedgesSchema,
    response: wedgedJobsSchema,
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
  createChildJob: {
    service: 'job',
    role: 'operator',
    tenancy: 'services',
    about:
      'Between services and their workers: a handler makes another job, of the tenant and the user of its own, once for each name.',
    answerTimeoutMs: 60_000,
    request: createChildJobSchema,
    response: jobReceiptSchema,
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
  keepStep: {
    service: 'job',
    role: 'operator',
    tenancy: 'services',
    about:
      'From workers: keeps what a step of a task returned, while its lease holds. The JSON of that comes behind the JSON of the rest, after a line feed.',
    textField: 'result',
    request: keepStepSchema,
    response: keptStepSchema,
  },
  commitUpload: {
    service: 'job',
    role: 'operator',
    tenancy: 'new',
    about: 'Between services: makes a job of staged chunks.',
    request: commitUploadSchema,
    response: createJobAnswerSchema,
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
  if (!Object.hasOwn(operations, action) || action === 'createJob' || action === 'createJobs') return false;
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
/** What an action answers. A job that is asked for with `validate_only` has another answer: a JobPreview. */
export type ActionResponse<Action extends ActionName> = Action extends 'createJob' | 'commitUpload'
  ? JobReceipt
  : z.output<(typeof operations)[Action]['response']>;
