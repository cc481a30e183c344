import type { HostAway } from '@kintsugi/contracts';

type Fields = Record<string, unknown>;

/**
 * The answers of several hosts as one: lists follow each other, counts are added up. What is missing is said: among the errors of
 * a report that has such, otherwise as `hosts_away`.
 */
export function mergedAnswer(answers: readonly Fields[], away: readonly HostAway[]): Fields {
  const merged: Fields = {};
  for (const [field, value] of answers.flatMap((answer) => Object.entries(answer))) {
    const before = merged[field];
    if (Array.isArray(value)) merged[field] = [...((before as unknown[] | undefined) ?? []), ...(value as unknown[])];
    else if (typeof value === 'number') merged[field] = ((before as number | undefined) ?? 0) + value;
    else merged[field] = value;
  }
  if (Array.isArray(merged['items'])) merged['items'] = byName(merged['items']);
  if (away.length === 0) return merged;
  const { errors } = merged;
  if (!Array.isArray(errors)) return { ...merged, hosts_away: [...away] };
  return { ...merged, errors: [...(errors as unknown[]), ...away.map(({ host, reason }) => `host ${host}: ${reason}`)] };
}

/** Pools are told by name; what has none stays as it came. */
function byName(items: unknown[]): unknown[] {
  const nameOf = (item: unknown): string => (item as { name?: string }).name ?? '';
  return items.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : nameOf(one) > nameOf(other) ? 1 : 0));
}
