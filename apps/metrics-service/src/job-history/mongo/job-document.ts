import type { JobStatus } from '@kintsugi/contracts';
import type { JobHead, JobRow } from '../domain/job-row.js';
import { stateOf } from '../domain/job-state.js';
import type { FilterField } from './job-indexes.js';

/** A row as it is stored: what is searched by as fields, and the facts, which are not, as one text: a third of the bytes. */
export interface JobDocument {
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
  /** Absent while the creation is not known. */
  head?: Pick<JobHead, FilterField> & { created_at: Date };
  /** The row as JSON. */
  facts: string;
}

export function documentOf(row: JobRow, rev: number): JobDocument {
  const { job_id, ...facts } = row;
  const { status, finished_at } = stateOf(row);
  const labels = Object.entries(row.head?.labels ?? {});
  return {
    _id: job_id,
    rev,
    status,
    ...(finished_at === null ? {} : { finished_at: new Date(finished_at) }),
    ...(status === 'completed' ? {} : { uncompleted_status: status }),
    ...(labels.length === 0 ? {} : { label_pairs: labels.map(([key, value]) => `${key}=${value}`) }),
    ...(row.head === null ? {} : { head: searchedOf(row.head) }),
    facts: JSON.stringify(facts),
  };
}

export function rowOf({ _id, facts }: JobDocument): JobRow {
  return { job_id: _id, ...(JSON.parse(facts) as Omit<JobRow, 'job_id'>) };
}

function searchedOf({ created_at, sending_group_id, user_id, product_id, type }: JobHead): JobDocument['head'] {
  return { created_at: new Date(created_at), sending_group_id, user_id, product_id, type };
}
