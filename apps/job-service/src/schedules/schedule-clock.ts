import { Inject, Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { ProblemError } from '@kintsugi/contracts';
import { Faults, LOGGER } from '@kintsugi/hosting';
import { Metrics, type Logger } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { dueTicks } from './domain/due-ticks.js';
import { type Schedule } from './domain/schedule.js';
import { tickTimesOf, jitterOf, type TickTimes } from './tick-times.js';
import { ScheduleJobs } from './schedule-jobs.js';
import { Schedules, type Settlement } from './schedules.js';

/** Longest sleep while there is a schedule: the clock of the machine may be set ahead meanwhile. */
const sleepMsMax = 5_000;
/** Between two looks at a job that a tick waits for, and after a fault. */
const lookAgainMs = 1_000;
const ticksPerPass = 1_000;
const newestWithinMs = 60_000;

/**
 * Keeps the ticks of all schedules. Each tick has a key of its own under which it makes one job, whoever keeps it and however
 * often; what was kept is in the record, from which a successor goes on. A clock that is set back repeats nothing: what comes next
 * follows from the last tick.
 */
@Injectable()
export class ScheduleClock {
  private readonly known = new Map<string, Schedule>();
  private readonly heldUntil = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private stopped = true;

  constructor(
    private readonly schedules: Schedules,
    private readonly jobs: ScheduleJobs,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly faults: Faults,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    for (const schedule of await this.schedules.all()) this.known.set(schedule._id, schedule);
    this.stopped = false;
    this.arm();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  /** A schedule was made or edited. */
  note(schedule: Schedule): void {
    this.known.set(schedule._id, schedule);
    this.heldUntil.delete(schedule._id);
    this.arm();
  }

  forget(id: string): void {
    this.known.delete(id);
    this.heldUntil.delete(id);
  }

  /** Keeps what is due now. */
  async pass(): Promise<void> {
    const now = this.clock.now();
    for (const schedule of [...this.known.values()]) {
      if (this.stopped || this.dueAt(schedule) > now) continue;
      await this.keep(schedule).catch((error: unknown) => {
        this.faults.report(error);
        this.heldUntil.set(schedule._id, this.clock.now() + lookAgainMs);
      });
    }
  }

  private arm(): void {
    if (this.stopped || this.running || this.known.size === 0) return;
    if (this.timer) clearTimeout(this.timer);
    const next = Math.min(...[...this.known.values()].map((schedule) => this.dueAt(schedule)));
    if (next === Infinity) return;
    const waitMs = Math.min(sleepMsMax, Math.max(0, next - this.clock.now()));
    this.timer = after('schedule-clock', waitMs, () => {
      this.running = this.pass().finally(() => {
        this.running = null;
        this.arm();
      });
    });
  }

  private dueAt(schedule: Schedule): number {
    const { _id, paused, next_at } = schedule;
    if (paused || next_at === null) return Infinity;
    return Math.max(dueTimeOf(schedule, next_at.getTime()), this.heldUntil.get(_id) ?? 0);
  }

  /** Settles the ticks of one schedule whose time has come, one after the other. */
  private async keep(given: Schedule): Promise<void> {
    let schedule = given;
    const times = tickTimesOf(schedule);
    const before = schedule.last_job_id === null ? 0 : await this.jobs.endOf(schedule.last_job_id);
    if (before === null && schedule.overlap === 'queue') return this.hold(schedule);
    const now = this.clock.now();
    const ticks = this.ticksDue(schedule, times, now);
    // A tick that waited in the queue is late by what passed since the end of what it waited for.
    const waitedUntil = schedule.overlap === 'queue' ? (before ?? 0) : 0;
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
  private async run(schedule: Schedule, tick: number): Promise<{ ran: boolean; jobId: string | null } | 'wait'> {
    const { overlap, last_job_id: before } = schedule;
    if (overlap !== 'allow' && before !== null && (await this.jobs.endOf(before)) === null) {
      if (overlap === 'queue') return 'wait';
      if (overlap === 'skip') return { ran: false, jobId: null };
      await this.jobs.cancel(before, schedule._id);
    }
    try {
      return { ran: true, jobId: (await this.jobs.make(schedule, new Date(tick).toISOString())).job_id };
    } catch (error) {
      // It was made before its end could be noted, and the schedule was edited since.
      if (error instanceof ProblemError && error.code === 'IDEMPOTENCY_MISMATCH') return { ran: true, jobId: null };
      throw error;
    }
  }

  private async settle(schedule: Schedule, settlement: Settlement): Promise<Schedule | null> {
    const noted = await this.schedules.settle(schedule, settlement);
    // Whoever edited or removed it has told, or will.
    if (!noted || !this.known.has(schedule._id)) return null;
    this.known.set(schedule._id, noted);
    for (const outcome of ['runs', 'skipped', 'missed'] as const) {
      this.metrics.count('kintsugi_schedule_ticks_total', { outcome }, settlement[outcome]);
    }
    if (settlement.missed > 0) {
      this.logger.warn({ schedule: schedule._id, ticks: settlement.missed }, 'Ticks were missed and are not caught up with');
    }
    return noted;
  }

  private hold({ _id }: Schedule): void {
    this.heldUntil.set(_id, this.clock.now() + lookAgainMs);
  }

  /** Ticks whose time has come: all from the first, or, where not all are caught up with, the newest. */
  private ticksDue(schedule: Schedule, times: TickTimes, now: number): number[] {
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
function dueTimeOf({ _id, jitter_s }: Schedule, tick: number): number {
  return tick + jitterOf(_id, tick, jitter_s);
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
