import { Failure } from './failure.js';

export interface PeriodOptions {
  from?: string;
  to?: string;
}

const aDay = 86_400_000;

/** The time that --from and --to name; what one of them leaves open reaches as far as there is anything. Undefined without both. */
export function periodOf({ from, to }: PeriodOptions): { start: string; end: string } | undefined {
  if (from === undefined && to === undefined) return undefined;
  return { start: timeOf(from, '--from', 0), end: timeOf(to, '--to', Date.now() + aDay) };
}

/** A time, or how long ago: `2026-11-01`, `2026-11-01T12:00Z`, `24h`. */
export function timeOf(text: string | undefined, option: string, absent: number): string {
  if (text === undefined) return new Date(absent).toISOString();
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  const unitMs = { m: 60_000, h: 3_600_000, d: aDay }[ago?.[2] ?? ''] ?? 0;
  const time = ago ? Date.now() - Number(ago[1]) * unitMs : Date.parse(text);
  if (Number.isNaN(time)) {
    throw new Failure('USAGE', `${option} is ${text}, which is no time.`, {
      advice: 'Give a time such as 2026-11-01 or 2026-11-01T12:00Z, or how long ago: 30m, 24h, 7d.',
    });
  }
  return new Date(time).toISOString();
}
