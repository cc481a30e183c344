import { ProblemError, type EventInput, type ProblemCode } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import type { EventPublisher } from '@kintsugi/messaging';
import type { Logger, Metrics } from '@kintsugi/observability';
import type { Schedule } from './domain/schedule.js';
import { MissedTicks } from './missed-ticks.js';
import { ScheduleClock } from './schedule-clock.js';
import type { ScheduleJobs } from './schedule-jobs.js';
import { SchedulesInMemory } from './schedules-in-memory.js';

export const minute = 60_000;

/** Jobs that end when a test says so. One occasion makes one job, as one idempotency key does. */
class JobsInMemory {
  readonly made = new Map<string, { id: string; endedAt: number | null }>();
  readonly cancelled: string[] = [];
  refusals = 0;
  asked = 0;
  refuseAs: ProblemCode | null = null;

  constructor(private readonly now: () => number) {}

  make(schedule: Schedule, occasion: string) {
    this.asked += 1;
    if (this.refuseAs) return Promise.reject(new ProblemError(this.refuseAs, 'no'));
    if (this.refusals > 0) {
      this.refusals -= 1;
      return Promise.reject(new ProblemError('SERVICE_UNAVAILABLE', 'away'));
    }
    const key = `${schedule._id} ${occasion}`;
    const job = this.made.get(key) ?? { id: `job_${this.made.size + 1}`, endedAt: null };
    this.made.set(key, job);
    return Promise.resolve({ job_id: job.id });
  }

  endOf(jobId: string) {
    return Promise.resolve([...this.made.values()].find(({ id }) => id === jobId)?.endedAt ?? null);
  }

  cancel(jobId: string) {
    this.cancelled.push(jobId);
    return this.end(jobId);
  }

  end(jobId: string) {
    for (const job of this.made.values()) if (job.id === jobId) job.endedAt ??= this.now();
    return Promise.resolve();
  }

  get ticks(): number[] {
    return [...this.made.keys()].map((key) => Date.parse(key.split(' ')[1] as string));
  }
}

/** A schedule and what keeps it, by a clock that a test sets. */
export class World {
  now = 0;
  isBrokerAway = false;
  /** Whether what was told cannot be noted. */
  isNotingAway = false;
  /** Missed ticks, by the id of the event that told of them. */
  readonly told = new Map<string, number>();
  readonly schedules = new SchedulesInMemory();
  readonly jobs = new JobsInMemory(() => this.now);
  missed!: MissedTicks;
  clock = this.replica();

  /** A job-service with nothing but the record. */
  replica(): ScheduleClock {
    const metrics = { count: () => undefined, observe: () => undefined } as unknown as Metrics;
    const logger = { warn: () => undefined } as unknown as Logger;
    const faults = new Faults(() => undefined, 'test');
    const jobs = this.jobs as unknown as ScheduleJobs;
    const publish = ({ id, data }: { id: string; data: EventInput<'schedule.missed'> }) => {
      if (this.isBrokerAway) return Promise.reject(new Error('away'));
      this.told.set(id, data.schedules[0]?.ticks ?? 0);
      return Promise.resolve();
    };
    const publisher = { publish } as unknown as EventPublisher;
    const noteTold = (id: string, missed: number) =>
      this.isNotingAway ? Promise.reject(new Error('away')) : this.schedules.noteTold(id, missed);
    const schedules = Object.assign(Object.create(this.schedules) as SchedulesInMemory, { noteTold });
    this.missed = new MissedTicks(schedules, publisher, { now: () => this.now }, faults);
    return new ScheduleClock(this.schedules, jobs, this.missed, { now: () => this.now }, metrics, faults, logger);
  }

  async start(over: Partial<Schedule> = {}): Promise<void> {
    const at = new Date(0);
    await this.schedules.create({
      ...{ _id: 'default/a', name: 'a', tenant: 'default', user_id: 'ann', cron: null, every_s: 60, time_zone: 'UTC' },
      ...{ catch_up: 'last', overlap: 'allow', jitter_s: 0, paused: false, job: '{}', next_at: new Date(minute) },
      ...{ last_tick: null, last_job_id: null, runs: 0, skipped: 0, missed: 0, version: 0, created_at: at, updated_at: at },
      ...over,
    });
    await this.restart();
  }

  /** What a restart forgets is all that is not in the record. */
  async restart(): Promise<void> {
    await this.clock.stop();
    this.clock = this.replica();
    await this.clock.start();
    // No timer of it runs: a test makes its passes.
    await this.clock.stop();
    (this.clock as unknown as { stopped: boolean }).stopped = false;
  }

  async at(now: number): Promise<void> {
    this.now = now;
    await this.clock.pass();
  }

  get stored(): Schedule {
    return this.schedules.stored.get('default/a') as Schedule;
  }
}
