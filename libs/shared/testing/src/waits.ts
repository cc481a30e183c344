/** An assertion that is repeated until it holds. */
export interface Wait {
  /** Why it did not hold last. */
  last: unknown;
  /** Where it is waited for. */
  from: string;
}

const underWay = new Set<Wait>();

export function beginWait(): Wait {
  const wait = { last: undefined, from: new Error('waited').stack?.split('\n').slice(3).join('\n') ?? '' };
  underWay.add(wait);
  return wait;
}

export function isUnderWay(wait: Wait): boolean {
  return underWay.has(wait);
}

export function endWait(wait: Wait): void {
  underWay.delete(wait);
}

/** Ends what is still waited for: a test whose time is over says what that was, instead of that its time is over. */
export function endWaits(): void {
  const waits = [...underWay];
  underWay.clear();
  if (waits.length === 0) return;
  const told = waits.map(({ last, from }) => `${last instanceof Error ? last.message : String(last)}\n${from}`);
  throw new Error(`The test ended while it still waited for this to hold:\n\n${told.join('\n\n')}`);
}
