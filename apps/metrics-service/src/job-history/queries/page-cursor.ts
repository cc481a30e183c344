import { createHash } from 'node:crypto';
import { ProblemError, shown } from '@kintsugi/contracts';
import type { JobFilter, JobOrder, JobPosition } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';

/**
 * The place where the next page of a list starts, as text that callers hand back unread. It carries a mark of the
 * list's filters and order, so that a cursor that strayed into another list is refused instead of skipping jobs silently.
 */
export function encodeCursor(position: JobPosition, filter: JobFilter, order: JobOrder): string {
  return Buffer.from(JSON.stringify([position.created_at, position.job_id, markOf(filter, order)])).toString('base64url');
}

/** The cursor of what comes after a job; null where there is none. */
export function cursorAfter(last: JobRow | undefined, filter: JobFilter, order: JobOrder): string | null {
  return last?.head ? encodeCursor({ created_at: last.head.created_at, job_id: last.job_id }, filter, order) : null;
}

/** @param path where the cursor stands in what was asked */
export function decodeCursor(cursor: string, filter: JobFilter, order: JobOrder, path = 'data.cursor'): JobPosition {
  const fields = parse(cursor);
  if (!Array.isArray(fields) || fields.length !== 3) throw invalid(cursor, path, 'CURSOR');
  const [createdMs, jobId, mark] = fields as unknown[];
  if (typeof createdMs !== 'number' || typeof jobId !== 'string') throw invalid(cursor, path, 'CURSOR');
  if (Number.isNaN(new Date(createdMs).getTime())) throw invalid(cursor, path, 'CURSOR');
  if (mark !== markOf(filter, order)) throw invalid(cursor, path, 'CURSOR_OF_OTHER_FILTERS');
  return { created_at: createdMs, job_id: jobId };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/** The same for the same filters, in whatever order they and the statuses were given. */
function markOf(filter: JobFilter, order: JobOrder): string {
  const entries = Object.entries({ ...filter, order, status: filter.status && [...new Set(filter.status)].sort() });
  const given = entries.filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(given)).digest('base64url').slice(0, 16);
}

function invalid(cursor: string, path: string, rule: string): ProblemError {
  const why = rule === 'CURSOR' ? 'is not one that a page gave' : 'belongs to a list with other filters or another order';
  return new ProblemError('CURSOR_INVALID', `${path} ${why}. Start again without a cursor.`, {
    errors: [{ path, rule, got: shown(cursor), allowed: 'next_cursor of the page before, with the same filters and order' }],
  });
}
