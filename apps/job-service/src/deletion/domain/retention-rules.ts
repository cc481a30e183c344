import { finishedJobStatuses } from '@kintsugi/contracts';

/** Days for which jobs are kept after their end, by what they are; a job that nothing fits is kept for good. */
export type RetentionRules = ReadonlyMap<string, number>;

const everyJob = '';
const type = '[A-Za-z][A-Za-z0-9_.-]*';
const statuses = finishedJobStatuses.join('|');
const rule = new RegExp(`^(?:(${statuses}|${type}|${type}/(?:${statuses}))=)?(\\d{1,5}(?:\\.\\d{1,6})?)$`);

/**
 * Rules as they are written: `off`, or parted by commas a number of days for every job, `failed=365` for a status, `smtp.send=7` for
 * a type and `smtp.send/failed=30` for both. Null for what is none.
 */
export function retentionRulesOf(text: string): RetentionRules | null {
  if (text === 'off') return new Map();
  const rules = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, of = everyJob, days] = rule.exec(part.trim()) ?? [];
    if (days === undefined || Number(days) === 0) return null;
    rules.set(of, Number(days));
  }
  return rules;
}

/** Days for which a job is kept: what says most of it holds. Null: for good. */
export function retentionDaysOf(rules: RetentionRules, { type: of, status }: { type: string; status: string }): number | null {
  return rules.get(`${of}/${status}`) ?? rules.get(of) ?? rules.get(status) ?? rules.get(everyJob) ?? null;
}

/** Jobs that were made less than so many days ago are kept, whatever they are; null where all are. */
export function leastDaysOf(rules: RetentionRules): number | null {
  return rules.size === 0 ? null : Math.min(...rules.values());
}
