import {
  answerTimeoutMs,
  type ActionInput,
  type ActionResponse,
  type BatchJob,
  type CreatedJobs,
  type JobDeletion,
  type JobDeletions,
  type CreateJobInput,
  type ErrorGroupList,
  type ErrorPage,
  type ErrorRecord,
  type FailureGroup,
  type GroupDetails,
  type GroupPage,
  type JobExplanation,
  type FailureAnalysis,
  type Fleet,
  type JobHistoryPage,
  type JobInfo,
  type JobMetricsAnswer,
  type JobPage,
  type JobPreview,
  type JobReceipt,
  type PlatformHealth,
  type RecoveryReceipt,
  type RetryConfigDetails,
  type RetryConfigDiff,
  type RetryTrial,
  type SchedulePage,
  type ScheduleView,
  type StepPage,
  type TaskPage,
} from '@kintsugi/contracts';
import { auditCalls } from './audit-calls.js';
import { ApiCaller } from './api-caller.js';
import { resolveClientOptions, type ClientOptions } from './client.config.js';
import { definedJobs } from './defined-jobs.js';
import { followJob, type FollowOptions } from './follow-job.js';
import { followTopics, type TopicEvent, type TopicOptions } from './follow-topics.js';
import type { Act, Read } from './calls.js';
import { groupRecoveryCalls } from './group-recovery-calls.js';
import { jobLogs } from './job-logs.js';
import { keyCalls } from './key-calls.js';
import type { JobEvent } from './job-event.js';
import { poolManager } from './pool-manager.js';
import { queryString } from './query-string.js';
import { submitTasks, type SubmitOptions } from './submit-tasks.js';
import type { TaskOrLines } from './upload-body.js';
import { alertCalls } from './alert-calls.js';
import { deadLetterCalls } from './dead-letter-calls.js';
import { webhookCalls } from './webhook-calls.js';

/** A job that is to be made. */
type CreatedJobInput = Omit<CreateJobInput, 'validate_only'>;

export type Client = ReturnType<typeof createClient>;

/** A typed client of the platform's API. Every refusal is a ProblemError with a stable code. */
export function createClient(options: ClientOptions = {}) {
  const api = new ApiCaller(resolveClientOptions(options));
  const read: Read = (path, query = {}) => api.json({ path: path + queryString(query as Parameters<typeof queryString>[0]) });
  const act: Act = (endpoint, action, data) =>
    api.json({
      method: 'POST',
      path: endpoint,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action, data }),
      answerTimeoutMs: answerTimeoutMs(action),
    });

  return {
    /** Accepts a job of up to 10,000 tasks, or one whose tasks its type's plan handler makes. */
    createJob: (job: CreatedJobInput): Promise<JobReceipt> => act('/job-operations', 'createJob', job),

    /** What would become of a job, rule by rule; nothing is stored. */
    previewJob: (job: CreatedJobInput): Promise<JobPreview> =>
      act('/job-operations', 'createJob', { ...job, validate_only: true }) as Promise<unknown> as Promise<JobPreview>,

    /** Accepts up to 1,000 jobs in one request, and answers each for itself. */
    createJobs: (jobs: readonly CreateJobInput[]): Promise<CreatedJobs> =>
      act('/job-operations', 'createJobs', { jobs: [...jobs] }),

    /** Uploads a job of up to 1,000,000 tasks while they are being made. Nothing is accepted if it fails. */
    submitTasks: (
      job: Omit<CreateJobInput, 'tasks'>,
      tasks: Iterable<TaskOrLines> | AsyncIterable<TaskOrLines>,
      options: SubmitOptions = {},
    ): Promise<JobReceipt> => submitTasks(api, job, tasks, options),

    ...definedJobs(api),
    ...jobLogs(api),

    getJob: (jobId: string): Promise<BatchJob> => read(`/v1/jobs/${encodeURIComponent(jobId)}`),

    /** Why a job does not go on, and what to do. */
    explainJob: (jobId: string): Promise<JobExplanation> => read(`/v1/jobs/${encodeURIComponent(jobId)}/why`),

    /** A job with its metrics, tasks and logs, as far as asked for. */
    getJobInfo: (jobId: string, include: Omit<ActionInput<'getJobInfo'>, 'job_id'> = {}): Promise<JobInfo> =>
      act('/job-operations', 'getJobInfo', { job_id: jobId, ...include }),

    /** A search in the history of jobs, with sums over all jobs that the filters are about. */
    fetchJobHistory: (search: ActionInput<'fetchJobHistory'> = {}): Promise<JobHistoryPage> =>
      act('/job-operations', 'fetchJobHistory', search),

    listJobs: (query: ActionInput<'listJobs'> = {}): Promise<JobPage> => read('/v1/jobs', query),

    ...taskCalls(read),
    ...controlCalls(act),

    /** What happens to a job, as it happens, through lost connections. */
    followJob: (jobId: string, follow?: FollowOptions): AsyncGenerator<JobEvent, void, undefined> =>
      followJob(api, jobId, follow),

    ...liveCalls(api, read, act),
    ...scheduleCalls(read, act),
    ...webhookCalls(read, act),
    ...alertCalls(read, act),
    ...auditCalls(read),
    ...keyCalls(api),
    ...errorCalls(read, act),
    ...groupRecoveryCalls(read, act),

    /** Pools of git working copies. */
    pools: poolManager((action, data) => act('/pool-operations', action, data)),
  };
}

/** The tasks of a job. */
function taskCalls(read: Read) {
  return {
    listTasks: (jobId: string, query: Omit<ActionInput<'listTasks'>, 'job_id'> = {}): Promise<TaskPage> =>
      read(`/v1/jobs/${encodeURIComponent(jobId)}/tasks`, query),

    /** What parts of the handler of a task have returned, behind which its next run goes on. */
    listSteps: (jobId: string, query: Omit<ActionInput<'listSteps'>, 'job_id'>): Promise<StepPage> =>
      read(`/v1/jobs/${encodeURIComponent(jobId)}/steps`, query),
  };
}

/** What can be done to a job under way. */
function controlCalls(act: Act) {
  return {
    cancelJob: (jobId: string): Promise<BatchJob> => act('/job-operations', 'cancelJob', { job_id: jobId }),

    /** Holds a job: none of its tasks is given to a worker until it is resumed. With `stop`, what runs is handed back. */
    pauseJob: (jobId: string, options: Omit<ActionInput<'pauseJob'>, 'job_id'> = {}): Promise<BatchJob> =>
      act('/job-operations', 'pauseJob', { job_id: jobId, ...options }),

    resumeJob: (jobId: string): Promise<BatchJob> => act('/job-operations', 'resumeJob', { job_id: jobId }),

    /** Deletes a job with all that is kept of it; with `force` also one that has not ended, which is cancelled first. */
    deleteJob: (jobId: string, options: Omit<ActionInput<'deleteJob'>, 'job_id'> = {}): Promise<JobDeletion> =>
      act('/job-operations', 'deleteJob', { job_id: jobId, ...options }),

    /** Deletes jobs that have ended, by the filters of `fetchJobHistory`, some at a time; with `dry_run` it only says how many they are. */
    deleteJobs: (data: ActionInput<'deleteJobs'>): Promise<JobDeletions> => act('/job-operations', 'deleteJobs', data),

    /** 0 to 9; 9 goes first. Its next tasks stand among others by it. */
    setJobPriority: (jobId: string, priority: number): Promise<BatchJob> =>
      act('/job-operations', 'setJobPriority', { job_id: jobId, priority }),

    /** Runs a failed job again: as a new job with the same tasks. The producer of an external job is asked to run it again. */
    retryJob: (jobId: string): Promise<ActionResponse<'retryJob'>> => act('/job-operations', 'retryJob', { job_id: jobId }),

    /**
     * Runs a part of a job again that is over: what has failed, or what is selected of it, with all that waits for it, as a new job
     * that keeps what has succeeded. With `dry_run`, only the plan.
     */
    rerunPartial: (
      jobId: string,
      of: Omit<ActionInput<'rerunPartial'>, 'job_id'> = {},
    ): Promise<ActionResponse<'rerunPartial'>> => act('/job-operations', 'rerunPartial', { job_id: jobId, ...of }),

    /** Reports how far a job is that was created with `executor: 'external'`; its status by the lifecycle, its progress, its errors. */
    updateBatchJob: (jobId: string, update: Omit<ActionInput<'updateBatchJob'>, 'job_id'>): Promise<BatchJob> =>
      act('/job-operations', 'updateBatchJob', { job_id: jobId, ...update }),
  };
}

/** What is now. */
function liveCalls(api: ApiCaller, read: Read, act: Act) {
  return {
    health: (): Promise<PlatformHealth> => read('/health'),

    /** CPU, memory, durations and throughput of jobs over time. */
    getJobMetrics: (data: ActionInput<'getJobMetrics'>): Promise<JobMetricsAnswer> =>
      act('/job-operations', 'getJobMetrics', data),

    /** What is now, and what happens: of the topics `fleet`, `job:<id>`, `jobs` and `groups`, over one connection. */
    followTopics: (topics: readonly string[], options?: TopicOptions): AsyncGenerator<TopicEvent, void, undefined> =>
      followTopics(api, topics, options),

    /** How all of the platform goes on. */
    getFleet: (): Promise<Fleet> => read('/v1/fleet'),
  };
}

/** What failed, how failures are retried, and how tasks are run again. */
function errorCalls(read: Read, act: Act) {
  return {
    ...deadLetterCalls(read, act),

    /** A page may have fewer than were asked for, and `next_cursor`: it says with `looked_until` how far it has looked for them. */
    listErrors: (query: ActionInput<'listErrors'> = {}): Promise<ErrorPage> => read('/v1/errors', query),

    getError: (errorRecordId: string): Promise<ErrorRecord> => read(`/v1/errors/${encodeURIComponent(errorRecordId)}`),

    listErrorGroups: (query: ActionInput<'listErrorGroups'> = {}): Promise<ErrorGroupList> => read('/v1/error-groups', query),

    /** Groups of failures across jobs, with what people do about them. */
    listGroups: (query: ActionInput<'listGroups'> = {}): Promise<GroupPage> => read('/v1/groups', query),

    getGroup: (groupId: string): Promise<GroupDetails> => read(`/v1/groups/${encodeURIComponent(groupId)}`),

    updateGroup: (data: ActionInput<'updateGroup'>): Promise<FailureGroup> => act('/error-operations', 'updateGroup', data),

    /** Makes groups part of another, with their records and what fails so from now on. */
    mergeGroups: (data: ActionInput<'mergeGroups'>): Promise<FailureGroup> => act('/error-operations', 'mergeGroups', data),

    /** Has some records of a group be another group, with what fails so from now on. */
    splitGroup: (data: ActionInput<'splitGroup'>): Promise<FailureGroup> => act('/error-operations', 'splitGroup', data),

    listRetryConfigs: (): Promise<ActionResponse<'listRetryConfigs'>> => read('/v1/retry-configs'),

    configureRetry: (data: ActionInput<'configureRetry'>): Promise<ActionResponse<'configureRetry'>> =>
      act('/error-operations', 'configureRetry', data),

    /** Takes back what was set for an error type. */
    unsetRetry: (data: ActionInput<'unsetRetry'>): Promise<ActionResponse<'unsetRetry'>> =>
      act('/error-operations', 'unsetRetry', data),

    /** What holds for an error type, and how that was changed. */
    getRetryConfig: (errorType: string): Promise<RetryConfigDetails> =>
      read(`/v1/retry-configs/${encodeURIComponent(errorType)}`),

    /** What differs between two versions of a policy: what the last change has changed, unless others are named. */
    diffRetryConfig: (data: ActionInput<'diffRetryConfig'>): Promise<RetryConfigDiff> =>
      act('/error-operations', 'diffRetryConfig', data),

    /** Brings the version before back, or the one that is named. */
    revertRetry: (data: ActionInput<'revertRetry'>): Promise<ActionResponse<'revertRetry'>> =>
      act('/error-operations', 'revertRetry', data),

    /** What would become of a recorded or a given error, step by step. Changes nothing. */
    testRetry: (data: ActionInput<'testRetry'>): Promise<RetryTrial> => act('/error-operations', 'testRetry', data),

    /** What failed in a period, and what became of it. */
    analyzeErrors: (data: ActionInput<'analyzeErrors'> = {}): Promise<FailureAnalysis> =>
      act('/error-operations', 'analyzeErrors', data),

    /** Reruns the task of an error record, or those of a whole group. */
    manualRecover: (data: ActionInput<'manualRecover'>): Promise<RecoveryReceipt> =>
      act('/error-operations', 'manualRecover', data),
  };
}

/** Jobs that are made by the clock. */
function scheduleCalls(read: Read, act: Act) {
  const named =
    <Action extends 'pauseSchedule' | 'resumeSchedule' | 'triggerSchedule' | 'deleteSchedule'>(action: Action) =>
    (name: string): Promise<ActionResponse<Action>> =>
      act('/job-operations', action, { name } as ActionInput<Action>);
  return {
    createSchedule: (schedule: ActionInput<'createSchedule'>): Promise<ScheduleView> =>
      act('/job-operations', 'createSchedule', schedule),

    /** Changes what is given. */
    updateSchedule: (change: ActionInput<'updateSchedule'>): Promise<ScheduleView> =>
      act('/job-operations', 'updateSchedule', change),

    pauseSchedule: named('pauseSchedule'),

    /** Lets it go on with the next tick. */
    resumeSchedule: named('resumeSchedule'),

    /** Makes its job now. */
    triggerSchedule: named('triggerSchedule'),

    /** Its jobs stay. */
    deleteSchedule: named('deleteSchedule'),

    /** With its next ten ticks. */
    getSchedule: (name: string): Promise<ScheduleView> => read(`/v1/schedules/${encodeURIComponent(name)}`),

    listSchedules: (query: ActionInput<'listSchedules'> = {}): Promise<SchedulePage> => read('/v1/schedules', query),
  };
}
