import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import { isTimeZone, problemOf, shown, type ProblemError } from '@kintsugi/contracts';
import type { Schedule } from './domain/schedule.js';

export interface TickRule {
  cron: string | null;
  every_s: number | null;
  time_zone: string;
}

/**
 * The ticks of a schedule. A cron time that the clocks skip is kept when they go on; one that they go through twice is kept the
 * first time, unless the rule names every hour or minute, which has a tick in each.
 */
export class TickTimes {
  private constructor(private readonly after: (ms: number) => number | null) {}

  /** @param anchorMs what `every_s` counts from. Throws VALIDATION_FAILED for a rule that says no times. */
  static of({ cron, every_s, time_zone }: TickRule, anchorMs: number): TickTimes {
    if (every_s !== null) {
      const stepMs = every_s * 1_000;
      return new TickTimes((ms) => anchorMs + (Math.max(0, Math.floor((ms - anchorMs) / stepMs)) + 1) * stepMs);
    }
    if (!isTimeZone(time_zone)) {
      throw refused('data.time_zone', time_zone, 'the name of an IANA time zone, such as Europe/Berlin');
    }
    const times = cronOf(cron ?? '', time_zone);
    return new TickTimes((ms) => times.nextRun(new Date(ms))?.getTime() ?? null);
  }

  /** The first tick after a time, in epoch milliseconds; null when there is none. */
  next(afterMs: number): number | null {
    return this.after(afterMs);
  }

  /** Ticks after a time, `most` of them at most. */
  upcoming(afterMs: number, most: number): number[] {
    const ticks: number[] = [];
    let last: number | null = afterMs;
    while (ticks.length < most && (last = this.after(last)) !== null) ticks.push(last);
    return ticks;
  }
}

export function tickTimesOf(schedule: TickRule & Pick<Schedule, 'created_at'>): TickTimes {
  return TickTimes.of(schedule, schedule.created_at.getTime());
}

/** By how much a tick is late, in milliseconds: the same for the same tick, whoever asks. */
export function jitterOf(scheduleId: string, tickMs: number, jitterS: number): number {
  if (jitterS === 0) return 0;
  const digest = createHash('sha256').update(`${scheduleId}\t${tickMs}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * jitterS * 1_000);
}

function cronOf(cron: string, timezone: string): Cron {
  try {
    return new Cron(cron, { timezone, paused: true });
  } catch (error) {
    throw refused('data.cron', cron, `minute hour day month weekday, such as 30 2 * * MON-FRI (${(error as Error).message})`);
  }
}

function refused(path: string, got: string, allowed: string): ProblemError {
  return problemOf([{ path, rule: 'FORMAT', got: shown(got), allowed }], 'VALIDATION_FAILED');
}
