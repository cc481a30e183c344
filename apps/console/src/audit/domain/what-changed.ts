import type { AuditEntry } from '@kintsugi/contracts';

export interface Change {
  field: string;
  before: unknown;
  after: unknown;
  differs: boolean;
}

/** The fields that an entry tells, those that differ first. */
export function fieldsOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Change[] {
  const fields = Object.keys({ ...before, ...after }).map((field) => {
    const [then, now] = [before?.[field], after?.[field]];
    return { field, before: then, after: now, differs: shownValue(then) !== shownValue(now) };
  });
  return fields.sort((one, other) => Number(other.differs) - Number(one.differs));
}

/** A value as a reader sees it. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What differs, in a line; nothing of what was made or is gone, which differs in every field. */
export function shownChange(entry: Pick<AuditEntry, 'before' | 'after'>): string {
  if (!entry.before || !entry.after) return '';
  const changed = fieldsOf(entry).filter(({ differs }) => differs);
  return changed.map(({ field, before, after }) => `${field} ${shownValue(before)} → ${shownValue(after)}`).join(', ');
}
