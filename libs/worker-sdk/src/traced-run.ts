import type { WorkHeader } from '@kintsugi/contracts';
import { errorTypeOf, tracing, useOpenTelemetryOfProcess } from '@kintsugi/tracing';
import type { TaskHandler, TaskRun } from './task-context.js';
import { TaskError } from './task-error.js';

/** Runs a handler as a part of the trace of its attempt, where that has one and this process has OpenTelemetry. */
export async function runTraced(handler: TaskHandler, run: TaskRun, header: WorkHeader, index: number): Promise<unknown> {
  const ofAttempt = header.traceparents?.[index];
  if (ofAttempt === undefined) return handler(run);
  run.traceparent = ofAttempt;
  const { id, job_id: jobId, type } = run.task;
  const attributes = { 'kintsugi.job.id': jobId, 'kintsugi.task.id': id, 'kintsugi.attempt': run.attempt };
  await useOpenTelemetryOfProcess('@kintsugi/worker-sdk');
  const span = tracing()?.resume(ofAttempt, { name: `process ${type}`, kind: 'consumer', attributes });
  if (!span) return handler(run);
  run.traceparent = span.traceparent;
  try {
    const result = await tracing()?.within(span, () => handler(run));
    span.end();
    return result;
  } catch (error) {
    span.end(namedType(error) ?? errorTypeOf(error));
    throw error;
  }
}

/** The type that a handler has given its failure. */
function namedType(error: unknown): string | undefined {
  const type: unknown = TaskError.is(error) ? (error.details as TaskError['details'] | undefined)?.error_type : undefined;
  return typeof type === 'string' ? type : undefined;
}
