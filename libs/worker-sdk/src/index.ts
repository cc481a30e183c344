export { createWorker } from './create-worker.js';
export type { Worker } from './worker.js';
export { EventListener, createEventListener, type EventListenerOptions, type JobEventHandler } from './event-listener.js';
export type { WorkerOptions } from './worker.config.js';
export { NonRetryable, RetryAfter, TaskError, type FailureDetails } from './task-error.js';
export type { ErrorMapping, MappedFailure } from './error-mapping.js';
export type { HandleOptions, TaskCheck } from './verify-run.js';
export type { HandedTask, ParentTask, SubmitFromHandler, TaskContext, TaskHandler } from './task-context.js';
export type { ChildJob, ChildJobOf, ChildOptions } from './submit-child.js';
export type { PlanContext, PlanHandler, PlannedJob } from './plan-runner.js';
export type { JobHandler, JobPlan } from './defined-job.js';
export type { IsolateOptions } from './isolated/handler-module.js';
export {
  defineJob,
  type EventOfJob,
  type JobDefinition,
  type JobEventName,
  type PayloadInput,
  type PayloadOutput,
  type ResultInput,
  type ResultOutput,
  type TaskOf,
} from '@kintsugi/contracts';
