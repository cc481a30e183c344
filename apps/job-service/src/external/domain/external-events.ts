import { isFinished, limits, type EventInput, type EventName, type JobEndingInput } from '@kintsugi/contracts';
import { detailedStatusOfExternal } from '../../jobs/domain/external-state.js';
import type { ExternalJobRecord, JobOutboxEntry } from '../../jobs/domain/job.js';
import { jobTransitions, type JobMove } from '../../jobs/domain/job-lifecycle.js';
import type { ExternalRequest } from './external-moves.js';

export type ExternalEvent = JobOutboxEntry;

type Wanted = Pick<ExternalRequest, 'by' | 'isAsked' | 'fault' | 'priority'>;

/** The events that tell of a change: of the move as of any job's, then what its producer is asked for, then the error. */
export function eventsOfChange(
  before: ExternalJobRecord,
  next: ExternalJobRecord,
  move: JobMove | null,
  { by, isAsked, fault, priority }: Wanted,
  now: number,
): ExternalEvent[] {
  const { _id: job_id, status } = next;
  const events: ExternalEvent[] = [];
  const add = (name: EventName, data: EventInput<EventName>): void => {
    events.push({ id: `evt_${job_id}.${before.events + events.length + 1}`, name, at: now, data });
  };
  const emits = move && jobTransitions[move].emits;
  if (emits) add(emits, dataOfMove(emits, next, by));
  if (isAsked && move === 'cancel') add('job.cancel_requested', { jobs: [{ job_id, status, by }] });
  if (isAsked && move === 'recover') {
    add('job.retry_requested', { jobs: [{ job_id, status, by, retry_count: next.retries }] });
  }
  if (priority !== undefined) add('job.reprioritised', { jobs: [{ job_id, priority, status, by }] });
  if (fault) add('job.faulted', { jobs: [faultOf(next, fault, now)] });
  return events;
}

/** How far it is, for those who follow it. */
export function progressOf(job: ExternalJobRecord): EventInput<'job.progressed'> {
  const { _id: job_id, status, total_tasks, external } = job;
  return {
    jobs: [{ job_id, status, total_tasks, task_counts: {}, detailed_status: detailedStatusOfExternal(status, external) }],
  };
}

function dataOfMove(name: EventName, job: ExternalJobRecord, by: string): EventInput<EventName> {
  const { _id: job_id, status } = job;
  if (isFinished(status)) return { jobs: [endingOf(job)] };
  if (name === 'job.started') return { jobs: [{ job_id, started_at: job.started_at ?? '' }] };
  if (name === 'job.paused') return { jobs: [{ job_id, status, by, stopped: false }] };
  if (name === 'job.resumed') return { jobs: [{ job_id, status, by }] };
  return { jobs: [{ job_id, status }] };
}

function endingOf(job: ExternalJobRecord): JobEndingInput {
  const { _id: job_id, status, started_at, finished_at, total_tasks, retries, error_types, external } = job;
  const { error_count, progress_percentage } = detailedStatusOfExternal(status, external);
  return {
    ...{ job_id, status, started_at, finished_at, total_tasks, task_counts: {}, retries, recovered: 0, first_try: 0 },
    ...{ error_types, error_count, progress_percentage, task_ms: null, submit_to_done_ms: null },
  };
}

function faultOf(job: ExternalJobRecord, { code, message, stack }: NonNullable<Wanted['fault']>, now: number) {
  return {
    job_id: job._id,
    job_type: job.type,
    tenant: job.tenant,
    fault: job.external.faults,
    error_type: code,
    error_message: cut(message, limits.errorMessageLength),
    ...(stack === undefined ? {} : { stack_trace: cut(stack, limits.stackLength) }),
    failed_at: new Date(now).toISOString(),
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).toWellFormed();
}
