/**
 * An answer with every part of the one before that has not changed, so that only what has is drawn again. Things in lists are
 * known by their ids: a new one at the top moves the others and changes none of them.
 */
export function shareUnchanged(before: unknown, now: unknown): unknown {
  if (before === now) return before;
  if (Array.isArray(before) && Array.isArray(now)) return sharedList(before, now);
  if (isRecord(before) && isRecord(now)) return sharedRecord(before, now);
  return now;
}

function sharedList(before: readonly unknown[], now: readonly unknown[]): readonly unknown[] {
  const known = new Map<unknown, unknown>(before.flatMap((item) => (idOf(item) === undefined ? [] : [[idOf(item), item]])));
  const shared = now.map((item, place) => {
    const id = idOf(item);
    return shareUnchanged(id === undefined ? before[place] : known.get(id), item);
  });
  return shared.length === before.length && shared.every((item, place) => item === before[place]) ? before : shared;
}

function sharedRecord(before: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>) {
  const shared = Object.fromEntries(Object.entries(now).map(([key, value]) => [key, shareUnchanged(before[key], value)]));
  const keys = Object.keys(shared);
  const isSame = keys.length === Object.keys(before).length && keys.every((key) => key in before && shared[key] === before[key]);
  return isSame ? before : shared;
}

function idOf(item: unknown): string | undefined {
  return isRecord(item) && typeof item['id'] === 'string' ? item['id'] : undefined;
}

/** What JSON holds, and no Map or Date. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const kind = Object.getPrototypeOf(value) as object | null;
  return kind !== null && Object.getPrototypeOf(kind) === null;
}
