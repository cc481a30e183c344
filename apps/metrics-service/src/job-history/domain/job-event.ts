import { ProblemError, isFinished, type EventData, type EventName, type JobEnding, type CreatedJob } from '@kintsugi/contracts';
import { deletedRow, emptyRow, joinRows, type Ending, type JobRow } from './job-row.js';

export type JobEventName = Extract<EventName, `job.${string}`>;

/** An event of the job aggregate with the time at which it happened, in epoch milliseconds. */
export type JobEvent = { [Name in JobEventName]: { name: Name; time: number; data: EventData<Name> } }[JobEventName];

/** What an event says, as one row for each job that it lists. Throws on a time that is none. */
export function factsOf(event: JobEvent): JobRow[] {
  const at = validTime(event.time);
  switch (event.name) {
    case 'job.created':
      return event.data.jobs.map(factOfCreation);
    case 'job.planned':
      return event.data.jobs.map((job) => ({ ...emptyRow(job.job_id), total_tasks: job.total_tasks }));
    case 'job.started':
      return event.data.jobs.map((job) => {
        const startedAt = timeOf(job.started_at);
        return { ...emptyRow(job.job_id), first_started_at: startedAt, last_started_at: startedAt };
      });
    case 'job.progressed':
      return event.data.jobs.map(({ job_id, total_tasks, ...progress }) => ({
        ...emptyRow(job_id),
        total_tasks,
        // Only an ending event can end a job: it alone says how.
        progress: isFinished(progress.status) ? null : { at, ...progress },
      }));
    case 'job.faulted':
    case 'job.outsized':
    case 'job.wedged':
    case 'job.unwedged':
    case 'job.cancel_requested':
    case 'job.retry_requested':
      // What these are about is told by the moves of the job.
      return [];
    case 'job.recovered':
      return event.data.jobs.map((job) => ({ ...emptyRow(job.job_id), recovery: { at, status: job.status } }));
    case 'job.paused':
    case 'job.resumed':
    case 'job.released':
      return event.data.jobs.map((job) => ({ ...emptyRow(job.job_id), hold: { at, status: job.status } }));
    case 'job.reprioritised':
      return event.data.jobs.map(({ job_id, priority }) => ({ ...emptyRow(job_id), priority: { at, priority } }));
    case 'job.deleted':
      return event.data.jobs.map(({ job_id }) => deletedRow(job_id, at));
    case 'job.completed':
      return event.data.jobs.map((job) => factOfEnding(job, 'completed', at));
    case 'job.failed':
      return event.data.jobs.map((job) => factOfEnding(job, 'failed', at));
    case 'job.cancelled':
      return event.data.jobs.map((job) => factOfEnding(job, 'cancelled', at));
  }
}

/** Whether a person has made it happen, who looks for it where jobs are listed. */
export function isAct({ name }: JobEvent): boolean {
  return name === 'job.paused' || name === 'job.resumed' || name === 'job.reprioritised';
}

/** The rows with what the events say joined to them. The rows given stay as they are. */
export function foldJobEvents(rows: ReadonlyMap<string, JobRow>, events: readonly JobEvent[]): Map<string, JobRow> {
  const folded = new Map(rows);
  for (const event of events) {
    for (const fact of factsOf(event)) {
      const known = folded.get(fact.job_id);
      folded.set(fact.job_id, known ? joinRows(known, fact) : fact);
    }
  }
  return folded;
}

function factOfCreation({ job_id, created_at, ...head }: CreatedJob): JobRow {
  return { ...emptyRow(job_id), head: { ...head, created_at: timeOf(created_at) }, total_tasks: head.total_tasks };
}

function factOfEnding(job: JobEnding, status: Ending['status'], at: number): JobRow {
  const { job_id, started_at, finished_at, ...ending } = job;
  const startedAt = started_at === null ? null : timeOf(started_at);
  return {
    ...emptyRow(job_id),
    total_tasks: ending.total_tasks,
    first_started_at: startedAt === null ? null : Math.min(startedAt, at),
    // It may be told by the clock of a worker; nothing of it ended after job-service noted the end.
    ending: {
      ...{ ...ending, status, at, started_at: startedAt },
      finished_at: finished_at === null ? at : Math.min(timeOf(finished_at), at),
    },
  };
}

function timeOf(text: string): number {
  return validTime(Date.parse(text));
}

function validTime(time: number): number {
  if (Number.isNaN(time)) throw new ProblemError('VALIDATION_FAILED', 'The event has a time that is none.');
  return time;
}
