import type { AlertSignalName } from '@kintsugi/contracts';

/** Something that happened, as an event told it, for as long as a window may look back. */
export interface Occurrence {
  /** Event and place in it: an event that comes twice is one. */
  _id: string;
  signal: AlertSignalName;
  tenant: string;
  subject: string;
  count: number;
  at: Date;
}

interface Event {
  name: string;
  id: string;
  time: string;
  data: unknown;
}

interface Told {
  groups?: { tenant: string; group_id: string }[];
  schedules?: { tenant: string; name: string; ticks: number }[];
}

/** What conditions count of an event. */
export function occurrencesOf({ name, id, time, data }: Event): Occurrence[] {
  const { groups = [], schedules = [] } = data as Told;
  const at = new Date(time);
  if (name === 'group.regressed') {
    return groups.map(({ tenant, group_id: subject }, place) => {
      return { _id: `${id} ${place}`, signal: 'group_regressions', tenant, subject, count: 1, at };
    });
  }
  if (name !== 'schedule.missed') return [];
  return schedules.map(({ tenant, name: subject, ticks }, place) => {
    return { _id: `${id} ${place}`, signal: 'schedules_missed', tenant, subject, count: ticks, at };
  });
}

/** What happened since a time, of one tenant or of all, by subject. Names of schedules are each tenant's own. */
export function countBySubject(occurrences: readonly Occurrence[], tenant: string | null): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { signal, tenant: owner, subject, count } of occurrences) {
    if (tenant !== null && tenant !== owner) continue;
    const key = tenant === null && signal === 'schedules_missed' ? `${owner}/${subject}` : subject;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return counts;
}
