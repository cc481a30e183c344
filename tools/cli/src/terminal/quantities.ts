const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration with two significant parts, such as `38 ms`, `4.2 s`, `3 min 5 s`, `2 d 4 h`. */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < second) return `${whole} ms`;
  if (whole < minute) return `${(whole / second).toFixed(1).replace('.0', '')} s`;
  if (whole < hour) return parts(whole, minute, 'min', second, 's');
  if (whole < day) return parts(whole, hour, 'h', minute, 'min');
  return parts(whole, day, 'd', hour, 'h');
}

function parts(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`;
}

/** A count with thousands apart: `1,234,567`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A share as a percentage that reaches 100 % only when nothing is missing. */
export function percent(share: number): string {
  const rounded = Math.floor(share * 1000) / 10;
  return `${share >= 1 ? '100' : rounded.toFixed(1)} %`;
}

/** `1 task`, `2 tasks`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** How long ago something was, in its largest unit only. */
export function ago(time: string | null, now: number): string {
  if (time === null) return '-';
  const ms = Math.max(0, now - Date.parse(time));
  const [unit, name] = ms < minute ? [second, 's'] : ms < hour ? [minute, 'min'] : ms < day ? [hour, 'h'] : [day, 'd'];
  return `${Math.floor(ms / unit)} ${name} ago`;
}

/** Bytes in the unit that leaves few digits. */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return `${(value / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** A time of an answer, as people read it: UTC, to the second. */
export function toTheSecond(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
