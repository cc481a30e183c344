import {
  DEFAULT_TENANT,
  typeOfQueue,
  type EventInput,
  type EventName,
  type FinishedJobStatus,
  type JobEndingInput,
  type JobHeadInput,
  type FailedTask,
} from '@kintsugi/contracts';
import { bundledJobErrors, bundledJobStats } from './bundled-job-stats.js';
import { bundledJobTimes } from './bundled-job-times.js';
import type { Chunk, OutboxEntry } from './chunk.js';
import { headInBundle, leanHeadOf, toldLabels } from './job-head.js';
import { priorityAt } from './task-priorities.js';

/** What an outbox entry says, read from its chunk. */
export function eventDataOf(chunk: Chunk, promised: OutboxEntry): EventInput<EventName> {
  const { jobs } = chunk.identity;
  // Of a job that was deleted meanwhile nothing is told.
  const entry = jobs ? { ...promised, indexes: promised.indexes.filter((index) => jobs[index]) } : promised;
  switch (entry.name) {
    case 'job.created':
      return { jobs: entry.indexes.map((index) => bundledJobHead(chunk, index)) };
    case 'job.completed':
      return { jobs: entry.indexes.map((index) => bundledJobEnding(chunk, index, 'completed')) };
    case 'job.failed':
      return { jobs: entry.indexes.map((index) => bundledJobEnding(chunk, index, 'failed')) };
    case 'job.cancelled':
      return { jobs: entry.indexes.map((index) => bundledJobEnding(chunk, index, 'cancelled')) };
    case 'job.paused':
      return { jobs: entry.indexes.map((index) => ({ job_id: chunk.jobIdOf(index), ...askedIn(entry) })) };
    case 'job.resumed': {
      const { by, status } = askedIn(entry);
      return { jobs: entry.indexes.map((index) => ({ job_id: chunk.jobIdOf(index), by, status })) };
    }
    case 'job.reprioritised': {
      const { by, status } = askedIn(entry);
      return {
        jobs: entry.indexes.map((index) => ({
          ...{ job_id: chunk.jobIdOf(index), by, status },
          priority: priorityAt(chunk, index),
        })),
      };
    }
    case 'job.recovered':
      return { jobs: entry.indexes.map((index) => ({ job_id: chunk.jobIdOf(index), status: 'recovering' as const })) };
    case 'task.failed':
      return { tasks: entry.indexes.map((index) => taskFailure(chunk, index)) };
    case 'task.lost':
      return {
        tasks: entry.indexes.map((index) => ({
          ...taskFailure(chunk, index),
          state: chunk.identity.safety === 'unsafe' ? ('outcome_unknown' as const) : ('quarantined' as const),
        })),
      };
    case 'task.recovered':
      return {
        tasks: entry.indexes.map((index) => ({
          task_id: chunk.taskId(index),
          job_id: chunk.jobIdOf(index),
          attempt: chunk.state.attempts[index] ?? 1,
          recovered_at: isoTime(entry.at),
          ...(entry.verified?.includes(index) ? { verified: true as const } : {}),
        })),
      };
  }
}

function askedIn({ id, asked }: OutboxEntry): NonNullable<OutboxEntry['asked']> {
  if (!asked) throw new Error(`The event ${id} does not say who asked.`);
  return asked;
}

function taskFailure(chunk: Chunk, index: number): FailedTask {
  const error = chunk.state.extras.errors[index];
  const { deadlineAt, labels = chunk.identity.jobs?.[index]?.labels } = chunk.identity;
  return {
    task_id: chunk.taskId(index),
    job_id: chunk.jobIdOf(index),
    job_type: typeOfQueue(chunk.identity.queue),
    tenant: chunk.identity.jobs?.[index]?.tenant ?? chunk.identity.tenant ?? DEFAULT_TENANT,
    safety: chunk.identity.safety,
    attempt: error?.attempt ?? chunk.state.attempts[index] ?? 1,
    failures: chunk.state.failures[index] ?? 0,
    error_type: error?.error_type ?? 'unknown',
    error_message: error?.error_message ?? '',
    ...(error?.stack_trace ? { stack_trace: error.stack_trace } : {}),
    non_retryable: error?.non_retryable ?? false,
    retry_after_ms: error?.retry_after_ms ?? null,
    failed_at: isoTime(error?.at ?? 0),
    ...error?.run,
    retry_config: chunk.identity.jobs?.[index]?.retry_config ?? chunk.identity.retryConfig,
    ...toldLabels(labels),
    ...(deadlineAt === undefined ? {} : { deadline_at: deadlineAt }),
  };
}

function bundledJobHead(chunk: Chunk, index: number): JobHeadInput {
  const head = headInBundle(chunk, index);
  if (!head) throw new Error(`${chunk.id} has no job at ${index}.`);
  const created_at = isoTime(chunk.identity.acceptedAt);
  return Object.assign(leanHeadOf(head), { job_id: chunk.jobIdOf(index), total_tasks: 1, created_at });
}

function bundledJobEnding(chunk: Chunk, index: number, status: FinishedJobStatus): JobEndingInput {
  const { state } = chunk;
  const taskState = chunk.stateOf(index);
  const { startedAt, finishedAt } = bundledJobTimes(chunk, index);
  const counts = { [taskState]: 1 };
  const { retries, recovered, ...stats } = bundledJobStats(chunk, index);
  const error = state.extras.errors[index];
  const errors = bundledJobErrors(chunk, index);
  const ending: JobEndingInput = {
    job_id: chunk.jobIdOf(index),
    status,
    started_at: isoTimeOrNull(startedAt),
    finished_at: isoTimeOrNull(finishedAt),
    total_tasks: 1,
    task_counts: counts,
    ...stats,
  };
  if (retries > 0) ending.retries = retries;
  if (recovered > 0) ending.recovered = recovered;
  if (error) ending.error_types = { [error.error_type]: errors };
  // What it failed with is forgotten once it succeeds.
  else if (errors > 0) ending.error_count = errors;
  return ending;
}

let lastMs = Number.NaN;
let lastText = '';

/** ISO 8601 in UTC. The times of a chunk's tasks are mostly the same few: the last one is kept. */
export function isoTime(epochMs: number): string {
  const wholeMs = Math.trunc(epochMs);
  if (wholeMs !== lastMs) {
    lastMs = wholeMs;
    lastText = new Date(wholeMs).toISOString();
  }
  return lastText;
}

export function isoTimeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoTime(epochMs);
}
