/** Longest JSON that is shown at once; a page must not freeze because a job carries much. */
export const shownJsonMax = 64 * 1024;

/** An id that is recognised by its beginning and its end. */
export function shortId(id: string): string {
  return id.length <= 18 ? id : `${id.slice(0, 12)}…${id.slice(-4)}`;
}

/** A value as indented JSON, and how much of it is left out. */
export function shownJson(value: unknown): { text: string; hidden: number } {
  const whole = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  return whole.length <= shownJsonMax
    ? { text: whole, hidden: 0 }
    : { text: whole.slice(0, shownJsonMax), hidden: whole.length - shownJsonMax };
}

/** A count that was counted up to a bound only. */
export function shownCount(count: number, countedTo = Infinity): string {
  return count >= countedTo ? `${countedTo.toLocaleString('en')}+` : count.toLocaleString('en');
}

/** How many there are, with a plus where there may be more. */
export function countOrMore(count: number, mayBeMore: boolean): string {
  return `${count.toLocaleString()}${mayBeMore ? '+' : ''}`;
}
