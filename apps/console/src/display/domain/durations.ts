const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration as people read it: two units at most. */
export function shownDuration(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${(ms / second).toFixed(ms < 10 * second ? 1 : 0)} s`;
  if (ms < hour) return twoUnits(ms, minute, 'min', second, 's');
  if (ms < day) return twoUnits(ms, hour, 'h', minute, 'min');
  return twoUnits(ms, day, 'd', hour, 'h');
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

/** How long ago, or in how long, as a number and its unit. */
export function relativeParts(ms: number): { value: number; unit: 'second' | 'minute' | 'hour' | 'day' } {
  const size = Math.abs(ms);
  if (size < minute) return { value: Math.trunc(ms / second), unit: 'second' };
  if (size < hour) return { value: Math.trunc(ms / minute), unit: 'minute' };
  if (size < day) return { value: Math.trunc(ms / hour), unit: 'hour' };
  return { value: Math.trunc(ms / day), unit: 'day' };
}
