import { DEFAULT_TENANT, type EventName, type StreamTopic } from '@kintsugi/contracts';

type EventTopic = Extract<StreamTopic['kind'], 'jobs' | 'groups'>;

/** Progress is told by the topic of a job: of all jobs together it is too much, and soon old. */
const leftOut: readonly EventName[] = ['job.progressed'];

/** The topic that an event belongs to; null for one that no topic tells. */
export function topicOfEvent(name: EventName): EventTopic | null {
  if (leftOut.includes(name)) return null;
  return name.startsWith('job.') ? 'jobs' : name.startsWith('group.') ? 'groups' : null;
}

/** What the topic `jobs` tells of one job: enough to find it, and to know whether it matters. */
const jobFields = ['job_id', 'status', 'type', 'tenant', 'total_tasks', 'by', 'error_types'] as const;

/**
 * What an event says to whoever hears all of its kind. Null where it says nothing to him.
 * @param tenant the one that he is bound to
 */
export function topicDataOf(topic: EventTopic, time: string, data: unknown, tenant: string | null): object | null {
  if (topic === 'jobs') {
    const jobs = entriesOf(data, 'jobs').map((entry) =>
      Object.fromEntries(jobFields.flatMap((field) => (entry[field] === undefined ? [] : [[field, entry[field]]]))),
    );
    return jobs.length === 0 ? null : { time, jobs };
  }
  const groups = entriesOf(data, 'groups').filter((entry) => tenant === null || (entry['tenant'] ?? DEFAULT_TENANT) === tenant);
  return groups.length === 0 ? null : { time, groups };
}

function entriesOf(data: unknown, list: 'jobs' | 'groups'): Record<string, unknown>[] {
  const entries = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[list] : undefined;
  return Array.isArray(entries)
    ? entries.filter((entry): entry is Record<string, unknown> => typeof entry === 'object' && entry !== null)
    : [];
}
