import { DEFAULT_TENANT } from '@kintsugi/contracts';
import type { JobFilter, JobPosition } from './job-history.js';
import type { JobRow } from './job-row.js';
import { stateOf } from './job-state.js';

const headFields = ['type', 'product_id', 'sending_group_id', 'user_id', 'tenant'] as const;

/** Whether a list with this filter shows the job. A job whose creation is not known is in no list. */
export function isAskedFor(row: JobRow, filter: JobFilter): boolean {
  const { head } = row;
  if (head === null) return false;
  const { status, label, created_after, created_before } = filter;
  return (
    headFields.every((field) => filter[field] === undefined || filter[field] === (head[field] ?? DEFAULT_TENANT)) &&
    (created_after === undefined || head.created_at >= created_after.getTime()) &&
    (created_before === undefined || head.created_at < created_before.getTime()) &&
    (label === undefined || Object.entries(head.labels).some(([key, value]) => `${key}=${value}` === label)) &&
    (status === undefined || status.length === 0 || status.includes(stateOf(row).status))
  );
}

/** Whether a job comes later in the order of lists: by creation, then by id, newest first. */
export function isAfter(row: JobRow, { created_at, job_id }: JobPosition): boolean {
  const createdAt = row.head?.created_at ?? 0;
  return createdAt < created_at || (createdAt === created_at && row.job_id < job_id);
}
