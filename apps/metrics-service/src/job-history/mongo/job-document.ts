import type { JobStatus } from '@kintsugi/contracts';
import type { JobRow } from '../domain/job-row.js';
import { stateOf } from '../domain/job-state.js';

/** A row as it is stored: its facts, and what is searched by, derived from them. */
export interface JobDocument extends Omit<JobRow, 'job_id'> {
  _id: string;
  /** Rises with each write, so that a write that read an older row is noticed. */
  rev: number;
  status: JobStatus;
  /** The status of a job that has not completed: what one looks for among the many that have. */
  uncompleted_status?: JobStatus;
  /** `key=value` of each label. */
  label_pairs?: string[];
  /** Absent until the job has ended. */
  finished_at?: Date;
  duration_ms: number | null;
}

export function documentOf(row: JobRow, rev: number): JobDocument {
  const { job_id, ...facts } = row;
  const { status, finished_at, duration_ms } = stateOf(row);
  const labels = Object.entries(row.head?.labels ?? {});
  return {
    _id: job_id,
    rev,
    status,
    duration_ms,
    ...facts,
    ...(finished_at === null ? {} : { finished_at }),
    ...(status === 'completed' ? {} : { uncompleted_status: status }),
    ...(labels.length === 0 ? {} : { label_pairs: labels.map(([key, value]) => `${key}=${value}`) }),
  };
}

export function rowOf(document: JobDocument): JobRow {
  const { _id, head, total_tasks, first_started_at, last_started_at, progress, ending, recovery } = document;
  return { job_id: _id, head, total_tasks, first_started_at, last_started_at, progress, ending, recovery };
}
