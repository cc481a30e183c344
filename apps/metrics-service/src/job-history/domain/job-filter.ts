import { DEFAULT_TENANT, matchesErrorType } from '@kintsugi/contracts';
import type { JobFilter, JobOrder, JobPosition } from './job-history.js';
import type { JobHead, JobRow } from './job-row.js';
import { hasEnded, stateOf } from './job-state.js';

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
    (status === undefined || status.length === 0 || status.includes(stateOf(row).status)) &&
    hasFailedBy(row, filter.error_types) &&
    took(row, filter.duration_ms) &&
    (filter.text === undefined || wordsOf(row.job_id, head).some((word) => word.toLowerCase().includes(filter.text ?? '')))
  );
}

function hasFailedBy(row: JobRow, patterns: JobFilter['error_types']): boolean {
  if (patterns === undefined) return true;
  const types = Object.keys(row.ending?.error_types ?? {});
  return hasEnded(row) && types.some((type) => patterns.some((pattern) => matchesErrorType(pattern, type)));
}

function took(row: JobRow, bounds: JobFilter['duration_ms']): boolean {
  if (bounds === undefined) return true;
  const { duration_ms: duration } = stateOf(row);
  return duration !== null && duration >= (bounds.min ?? 0) && duration <= (bounds.max ?? Infinity);
}

function wordsOf(jobId: string, { type, product_id, sending_group_id, user_id, labels }: JobHead): string[] {
  return [jobId, type, product_id, sending_group_id, user_id, ...Object.entries(labels).map((label) => label.join('='))];
}

/** Whether a job comes later in the order of a list. */
export function isAfter(row: JobRow, { created_at, job_id }: JobPosition, order: JobOrder): boolean {
  const difference = (row.head?.created_at ?? 0) - created_at || (row.job_id < job_id ? -1 : row.job_id > job_id ? 1 : 0);
  return order === 'asc' ? difference > 0 : difference < 0;
}
