import { jobStatuses, type JobStatus, type Unique } from '@kintsugi/contracts';
import type { JobRecord } from './job.js';
import { jobTransitions, type JobMove } from './job-lifecycle.js';

/** A job's unique key as it is held: each tenant has keys of its own. */
export function holdOf(unique: Unique, tenant: string): string {
  return `${tenant}\t${unique.key}`;
}

/** What a job holds in a state; null where its key is free. */
export function holdIn({ unique, tenant }: Pick<JobRecord, 'unique' | 'tenant'>, status: JobStatus): string | null {
  return unique && (unique.while as JobStatus[]).includes(status) ? holdOf(unique, tenant) : null;
}

/** What a job's state says of its key, for the record; nothing of a job that has none. */
export function holdPart(job: Pick<JobRecord, 'unique' | 'tenant'>, status: JobStatus): { unique_hold?: string | null } {
  return job.unique ? { unique_hold: holdIn(job, status) } : {};
}

/**
 * A unique key with all states in which it is held: one that a job may leave and come back to would otherwise be held by
 * another job meanwhile. Only a failed job that is run again takes its key anew.
 */
export function widened(unique: Unique): Unique {
  const held = new Set<JobStatus>(unique.while);
  for (let size = 0; size !== held.size;) {
    size = held.size;
    for (const move of Object.keys(jobTransitions) as JobMove[]) {
      const { from, to } = jobTransitions[move];
      if (move !== 'recover' && held.has(to)) for (const status of from) held.add(status);
    }
  }
  return { ...unique, while: jobStatuses.filter((status) => held.has(status)) as Unique['while'] };
}
