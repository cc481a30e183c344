import { eventCatalogue, eventType, type BatchJob, type EventName } from '@kintsugi/contracts';

export interface HeardEvent {
  name: EventName;
  id: string;
  time: string;
  data: unknown;
}

type Entry = Record<string, unknown> & { job_id?: string; tenant?: string };

/** What a reader of an ending wants to know of the job beside it. */
const shownOfJob = ['tenant', 'type', 'product_id', 'sending_group_id', 'user_id', 'labels'] as const;

/** The jobs of an event. */
export function jobIdsOf({ name, data }: HeardEvent): string[] {
  return name.startsWith('job.') ? entriesOf(data)[1].flatMap(({ job_id: id }) => id ?? []) : [];
}

/**
 * The message of an event for whoever may hear of one tenant, or of all: a CloudEvent as JSON with what concerns him. Null where
 * nothing of it does. A job that is gone meanwhile is told to who may hear of all, as far as the event says.
 */
export function messageOf(event: HeardEvent, tenant: string | null, jobs: ReadonlyMap<string, BatchJob>): string | null {
  const [list, entries] = entriesOf(event.data);
  const told = entries.map((entry): Entry => ({ ...entry, ...headOf(jobs.get(entry.job_id ?? '')) }));
  const heard = tenant === null ? told : told.filter((entry) => entry.tenant === tenant);
  if (heard.length === 0) return null;
  return JSON.stringify({
    ...{
      specversion: '1.0',
      id: event.id,
      type: eventType(event.name),
      source: `/kintsugi/${eventCatalogue[event.name].source}`,
    },
    ...{ time: event.time, datacontenttype: 'application/json', data: { [list]: heard } },
  });
}

function headOf(job: BatchJob | undefined): Entry {
  return job ? Object.fromEntries(shownOfJob.map((field) => [field, job[field]])) : {};
}

function entriesOf(data: unknown): [string, Entry[]] {
  const [first] = Object.entries(data as Record<string, Entry[]>);
  return first ?? ['', []];
}
