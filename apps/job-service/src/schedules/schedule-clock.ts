import { Inject, Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { ProblemError } from '@kintsugi/contracts';
import { Faults, LOGGER } from '@kintsugi/hosting';
import { Metrics, type Logger } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { dueTicks } from './domain/due-ticks.js';
import type { TickingSchedule } from './domain/schedule.js';
import { MissedTicks } from './missed-ticks.js';
import { tickTimesOf, jitterOf, type TickTimes } from './tick-times.js';
import { ScheduleJobs } from './schedule-jobs.js';
import { Schedules, type Settlement } from './schedules.js';

/** Longest sleep while there is a schedule: the clock of the machine may be set ahead meanwhile. */
const sleepMsMax = 5_000;
/** Between two looks at a job that a tick waits for, and after a fault. */
const lookAgainMs = 1_000;
const ticksPerPass = 1_000;
/** Schedules whose ticks are kept side by side: many tick on the hour, and what is accepted together is one write. */
const keptAtOnce = 64;
const newestWithinMs = 60_000;

interface Waiting {
  schedule: TickingSchedule;
  /** When it is to be looked at next. */
  at: number;
}

/**
 * Keeps the ticks of all schedules. Each tick has a key of its own under which it makes one job, whoever keeps it and however
 * often; what was kept is in the record, from which a successor goes on. A clock that is set back repeats nothing: what comes next
 * follows from the last tick.
 */
@Injectable()
export class ScheduleClock {
  private readonly waiting = new Map<string, Waiting>();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = true;

  constructor(
    private readonly schedules: Schedules,
    private readonly jobs: ScheduleJobs,
    private readonly missed: MissedTicks,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly faults: Faults,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    for (const schedule of await this.schedules.ticking()) {
      this.enter(schedule);
      this.missed.note(schedule);
    }
    this.stopped = false;
    this.arm();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
    await this.missed.stop();
  }

  /** A schedule was made or edited. */
  note(schedule: TickingSchedule): void {
    this.enter(schedule);
    this.arm();
  }

  forget(id: string): void {
    this.waiting.delete(id);
  }

  /** Keeps what is due now. */
  async pass(): Promise<void> {
    const now = this.clock.now();
    const due = [...this.waiting.values()].filter(({ at }) => at <= now);
    for (let from = 0; from < due.length && !this.stopped; from += keptAtOnce) {
      await Promise.all(due.slice(from, from + keptAtOnce).map(({ schedule }) => this.keepOrHold(schedule)));
    }
  }

  private enter(schedule: TickingSchedule): void {
    const { _id, paused, next_at } = schedule;
    this.waiting.set(_id, { schedule, at: paused || next_at === null ? Infinity : dueTimeOf(schedule, next_at.getTime()) });
  }

  private arm(): void {
    if (this.stopped || this.running) return;
    if (this.timer) clearTimeout(this.timer);
    let next = Infinity;
    for (const { at } of this.waiting.values()) next = Math.min(next, at);
    if (next === Infinity) return;
    const waitMs = Math.min(sleepMsMax, Math.max(0, next - this.clock.now()));
    this.timer = after('schedule-clock', waitMs, () => {
      this.running = this.pass().finally(() => {
        this.running = null;
        this.arm();
      });
    });
  }

  private async keepOrHold(schedule: TickingSchedule): Promise<void> {
    try {
      await this.keep(schedule);
    } catch (error) {
      this.faults.report(error);
      this.hold(schedule);
    }
  }

  /** Settles the ticks of one schedule whose time has come, one after the other. */
  private async keep(given: TickingSchedule): Promise<void> {
    let schedule = given;
    const times = tickTimesOf(schedule);
    // A tick that waited in the queue is late by what passed since the end of what it waited for.
    const waitedUntil = schedule.overlap === 'queue' ? await this.endOfLast(schedule) : 0;
    if (waitedUntil === null) return this.hold(schedule);
    const now = this.clock.now();
    const ticks = this.ticksDue(schedule, times, now);
    const dueAt = (tick: number): number => Math.max(dueTimeOf(schedule, tick), waitedUntil);
    const { run, missed } = dueTicks(ticks, dueAt, schedule.catch_up, now);
    let passedOver = missed.length;
    for (const tick of run) {
      const outcome = await this.run(schedule, tick);
      if (outcome === 'wait') return this.hold(schedule);
      const noted = await this.settle(schedule, {
        last_tick: new Date(tick),
        next_at: dateOf(times.next(tick)),
        ...(outcome.jobId === null ? {} : { job_id: outcome.jobId }),
        ...{ runs: outcome.ran ? 1 : 0, skipped: outcome.ran ? 0 : 1, missed: passedOver },
      });
      if (!noted) return;
      schedule = noted;
      passedOver = 0;
      if (outcome.ran) this.metrics.observe('kintsugi_schedule_lag_seconds', Math.max(0, this.clock.now() - tick) / 1_000);
    }
    const last = missed.at(-1);
    if (passedOver === 0 || last === undefined) return;
    await this.settle(schedule, {
      last_tick: new Date(last),
      next_at: dateOf(times.next(last)),
      runs: 0,
      skipped: 0,
      missed: passedOver,
    });
  }

  /** The job of the tick; or why it has none. */
  private async run(schedule: TickingSchedule, tick: number): Promise<{ ran: boolean; jobId: string | null } | 'wait'> {
    const { overlap, last_job_id: before } = schedule;
    if (overlap !== 'allow' && before !== null && (await this.endOfLast(schedule)) === null) {
      if (overlap === 'queue') return 'wait';
      if (overlap === 'skip') return { ran: false, jobId: null };
      await this.jobs.cancel(before, schedule._id);
    }
    const whole = await this.schedules.find(schedule._id);
    if (!whole) return 'wait';
    try {
      return { ran: true, jobId: (await this.jobs.make(whole, new Date(tick).toISOString())).job_id };
    } catch (error) {
      // It was made before its end could be noted, and the schedule was edited since.
      if (error instanceof ProblemError && error.code === 'IDEMPOTENCY_MISMATCH') return { ran: true, jobId: null };
      // Such as by another job that holds its unique key: the same tick would be refused again.
      if (!(error instanceof ProblemError) || error.retryable) throw error;
      this.logger.warn({ schedule: schedule._id, code: error.code, detail: error.message }, 'The job of a tick was refused');
      return { ran: false, jobId: null };
    }
  }

  /** When its last job ended; 0 where it has made none, null while that is under way. */
  private async endOfLast({ last_job_id: jobId }: TickingSchedule): Promise<number | null> {
    return jobId === null ? 0 : this.jobs.endOf(jobId);
  }

  private async settle(schedule: TickingSchedule, settlement: Settlement): Promise<TickingSchedule | null> {
    const noted = await this.schedules.settle(schedule, settlement);
    // Somebody has edited or removed it: what is in memory may be the one of before.
    const current = noted ?? (await this.editedMeanwhile(schedule._id, settlement));
    if (!current || !this.waiting.has(schedule._id)) {
      this.forget(schedule._id);
      return null;
    }
    this.enter(current);
    if (!noted) return null;
    for (const outcome of ['runs', 'skipped', 'missed'] as const) {
      this.metrics.count('kintsugi_schedule_ticks_total', { outcome }, settlement[outcome]);
    }
    if (settlement.missed > 0) {
      this.missed.note(noted);
      this.logger.warn({ schedule: schedule._id, ticks: settlement.missed }, 'Ticks were missed and are not caught up with');
    }
    return noted;
  }

  /** The schedule as somebody has left it. One that was paused, or goes on past the tick, would never hear of the job of it. */
  private async editedMeanwhile(id: string, { last_tick, job_id: jobId }: Settlement): Promise<TickingSchedule | null> {
    const current = await this.schedules.find(id);
    if (!current || jobId === undefined) return current;
    const goesOnPast = current.paused || current.next_at === null || current.next_at > last_tick;
    // The replica that led before may have noted the same tick, or a later one, while this one took over.
    const isNoted = current.last_tick !== null && (current.last_tick > last_tick || current.last_job_id === jobId);
    if (!goesOnPast || isNoted) return current;
    await this.schedules.addRun(id, last_tick, jobId);
    return this.schedules.find(id);
  }

  private hold({ _id }: TickingSchedule): void {
    const waiting = this.waiting.get(_id);
    if (waiting) waiting.at = this.clock.now() + lookAgainMs;
  }

  /** Ticks whose time has come: all from the first, or, where not all are caught up with, the newest. */
  private ticksDue(schedule: TickingSchedule, times: TickTimes, now: number): number[] {
    const before = (schedule.next_at?.getTime() ?? Infinity) - 1;
    const dueAfter = (from: number): number[] => {
      const ticks = times.upcoming(from, ticksPerPass);
      const undue = ticks.findIndex((tick) => dueTimeOf(schedule, tick) > now);
      return undue < 0 ? ticks : ticks.slice(0, undue);
    };
    if (schedule.catch_up === 'all') return dueAfter(before);
    let newest: number[] = [];
    for (let withinMs = newestWithinMs + schedule.jitter_s * 1_000; ; withinMs *= 2) {
      const from = Math.max(before, now - withinMs);
      const ticks = dueAfter(from);
      if (ticks.length === ticksPerPass && newest.length > 0) return newest;
      newest = ticks;
      if (from === before) return newest;
    }
  }
}

/** When a tick runs: it, and its jitter. */
function dueTimeOf({ _id, jitter_s }: TickingSchedule, tick: number): number {
  return tick + jitterOf(_id, tick, jitter_s);
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
