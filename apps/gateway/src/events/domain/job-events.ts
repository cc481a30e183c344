import type { EventName } from '@kintsugi/contracts';

/** What one event says about one job, as its followers get it. */
export interface JobEvent {
  jobId: string;
  data: Record<string, unknown>;
}

type Entry = Record<string, unknown> & { job_id: string };

/**
 * Splits an event by the jobs it lists: an event of jobs gives each its own entry, an event of tasks gives each job its tasks.
 * @param wanted whether anybody asks for a job; the others are left out
 */
export function jobEventsOf(
  event: { name: EventName; time: string; data: unknown },
  wanted: (jobId: string) => boolean,
): JobEvent[] {
  const { time } = event;
  if (event.name.startsWith('job.')) {
    return entriesOf(event.data, 'jobs', wanted).map((entry) => ({ jobId: entry.job_id, data: { ...entry, time } }));
  }
  const tasks = Map.groupBy(entriesOf(event.data, 'tasks', wanted), (task) => task.job_id);
  return [...tasks].map(([jobId, ofJob]) => ({ jobId, data: { job_id: jobId, tasks: ofJob.map(withoutStack), time } }));
}

/** A stack is most of a failure and is kept with the error record; whoever follows a job wants to know that it failed and why. */
function withoutStack({ stack_trace: _, ...task }: Entry): Record<string, unknown> {
  return task;
}

function entriesOf(data: unknown, list: 'jobs' | 'tasks', wanted: (jobId: string) => boolean): Entry[] {
  const entries = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[list] : undefined;
  return Array.isArray(entries) ? entries.filter((entry): entry is Entry => isEntry(entry) && wanted(entry.job_id)) : [];
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Entry>).job_id === 'string';
}
