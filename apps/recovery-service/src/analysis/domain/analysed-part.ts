import { matchesErrorType } from '@kintsugi/contracts';
import type { FailureColumns } from './failure-columns.js';

/** What an analysis is of. */
export interface AnalysedPart {
  /** By the last failure: from its start on, before its end. */
  start: Date;
  end: Date;
  /** Types, or prefixes with a star at their end. */
  error_types?: readonly string[] | undefined;
  job_ids?: readonly string[] | undefined;
  tenant?: string | undefined;
  /** Those that were closed until then are forgotten, though they may still be there. */
  closed_after?: Date | undefined;
}

/** Tells of each task of columns whether it is in a part. */
export function isInPart({ names, ...columns }: FailureColumns, part: AnalysedPart): (task: number) => boolean {
  const { start, end, error_types: types, job_ids: jobs, tenant, closed_after: closedAfter } = part;
  const [from, before, forgotten] = [start.getTime(), end.getTime(), closedAfter?.getTime() ?? -Infinity];
  const ofTenant = marksOf(names.tenants, (name) => tenant === undefined || name === tenant);
  const ofType = marksOf(names.error_types, (name) => types?.some((pattern) => matchesErrorType(pattern, name)) ?? true);
  const wanted = jobs && new Set(jobs);
  const ofJob = marksOf(names.jobs, (name) => wanted?.has(name) ?? true);
  return (task) => {
    const at = columns.at[task] ?? NaN;
    if (!(at >= from && at < before) || (columns.closed_at[task] ?? NaN) <= forgotten) return false;
    return (
      ofTenant[columns.tenant[task] ?? 0] === 1 &&
      ofType[columns.error_type[task] ?? 0] === 1 &&
      ofJob[columns.job[task] ?? 0] === 1
    );
  };
}

function marksOf(names: readonly string[], isWanted: (name: string) => boolean): Uint8Array {
  return Uint8Array.from(names, (name) => (isWanted(name) ? 1 : 0));
}
