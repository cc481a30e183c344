export { createClient, type Client } from './client.js';
export type { JobOfDefinition, TasksOf } from './submit-job.js';
export type { TaskResult } from './read-results.js';
export type { SubmitOptions } from './submit-tasks.js';
export type { ClientOptions } from './client.config.js';
export type { FollowOptions } from './follow-job.js';
export type { TopicEvent, TopicOptions } from './follow-topics.js';
export type { JobEvent, PlatformEvent } from './job-event.js';
export type { TaskOrLines, UploadProgress } from './upload-body.js';
export {
  ProblemError,
  defineJob,
  executeCli,
  httpRequest,
  type CommandResult,
  type CommandTask,
  type HttpResult,
  type HttpTask,
  type JobDefinition,
  type PayloadInput,
  type PayloadOutput,
  type PlatformHealth,
  type Problem,
  type ProblemCode,
  type ResultInput,
  type ResultOutput,
  type TaskOf,
} from '@kintsugi/contracts';
