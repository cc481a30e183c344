import type { WorkHeader } from '@kintsugi/contracts';
import { errorTypeOf, inSpan, tracing, useOpenTelemetryOfProcess } from '@kintsugi/tracing';
import type { TaskHandler, TaskRun } from './task-context.js';
import { TaskError } from './task-error.js';

/** Runs a handler as a part of the trace of its attempt, where that has one and this process has OpenTelemetry. */
export function runTraced(handler: TaskHandler, run: TaskRun, header: WorkHeader, index: number): unknown {
  const ofAttempt = header.traceparents?.[index];
  return ofAttempt === undefined ? handler(run) : runAttempt(handler, run, ofAttempt);
}

async function runAttempt(handler: TaskHandler, run: TaskRun, ofAttempt: string): Promise<unknown> {
  run.traceparent = ofAttempt;
  const { id, job_id: jobId, type } = run.task;
  const attributes = { 'kintsugi.job.id': jobId, 'kintsugi.task.id': id, 'kintsugi.attempt': run.attempt };
  await useOpenTelemetryOfProcess('@kintsugi/worker-sdk');
  const span = tracing()?.resume(ofAttempt, { name: `process ${type}`, kind: 'consumer', attributes });
  if (span) run.traceparent = span.traceparent;
  return inSpan(span, async () => handler(run), typeOfFailure);
}

/** The type that a handler has given its failure goes before that of the error. */
function typeOfFailure(error: unknown): string {
  const type: unknown = TaskError.is(error) ? (error.details as TaskError['details'] | undefined)?.error_type : undefined;
  return typeof type === 'string' ? type : errorTypeOf(error);
}
