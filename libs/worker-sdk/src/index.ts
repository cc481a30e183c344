export { createWorker, Worker } from './worker.js';
export type { WorkerOptions } from './worker.config.js';
export { NonRetryable, RetryAfter, TaskError, type FailureFacts } from './task-error.js';
export type { ErrorMapping, MappedFailure } from './error-mapping.js';
export type { HandedTask, TaskContext, TaskHandler } from './task-context.js';
export type { PlanContext, PlanHandler, PlannedJob } from './plan-runner.js';
