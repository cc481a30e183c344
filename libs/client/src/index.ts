export { createClient, type Client, type PlatformHealth } from './client.js';
export type { SubmitOptions } from './submit-tasks.js';
export type { ClientOptions } from './client.config.js';
export type { FollowOptions } from './follow-job.js';
export type { JobEvent, PlatformEvent } from './job-event.js';
export type { TaskOrLines, UploadProgress } from './upload-body.js';
export { makeApiKey, type NewApiKey } from './api-key.js';
export { ProblemError, type Problem, type ProblemCode } from '@kintsugi/contracts';
