import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ProblemError, type EventInput } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import type { EventPublisher } from '@kintsugi/messaging';
import type { Logger, Metrics } from '@kintsugi/observability';
import { eventually } from '@kintsugi/testing';
import type { Schedule } from './domain/schedule.js';
import { MissedTicks } from './missed-ticks.js';
import { ScheduleClock } from './schedule-clock.js';
import type { ScheduleJobs } from './schedule-jobs.js';
import { SchedulesInMemory } from './schedules-in-memory.js';

const minute = 60_000;

/** Jobs that end when a test says so. One occasion makes one job, as one idempotency key does. */
class JobsInMemory {
  readonly made = new Map<string, { id: string; endedAt: number | null }>();
  readonly cancelled: string[] = [];
  refusals = 0;

  constructor(private readonly now: () => number) {}

  make(schedule: Schedule, occasion: string) {
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

class World {
  now = 0;
  isBrokerAway = false;
  /** Missed ticks, by the id of the event that told of them. */
  readonly told = new Map<string, number>();
  readonly schedules = new SchedulesInMemory();
  readonly jobs = new JobsInMemory(() => this.now);
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
    const missed = new MissedTicks(this.schedules, publisher, { now: () => this.now }, faults);
    return new ScheduleClock(this.schedules, jobs, missed, { now: () => this.now }, metrics, faults, logger);
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

describe('each tick makes one job', () => {
  test('when its time has come, and not before', async () => {
    const world = new World();
    await world.start();
    await world.at(minute - 1);
    expect(world.jobs.ticks).toEqual([]);
    await world.at(minute);
    await world.at(minute + 1);
    await world.at(2 * minute);
    expect(world.jobs.ticks).toEqual([minute, 2 * minute]);
    expect(world.stored).toMatchObject({ runs: 2, skipped: 0, missed: 0, last_job_id: 'job_2' });
  });

  test('however often job-service is restarted, clocks are set, and ticks are lost before they are noted', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('pass' as const), byMs: fc.integer({ min: -90_000, max: 150_000 }) }),
      fc.constant({ kind: 'restart' as const }),
      fc.constant({ kind: 'refuse' as const }),
      fc.record({
        kind: fc.constant('crash' as const),
        byMs: fc.integer({ min: 0, max: 300_000 }),
        notes: fc.integer({ min: 0, max: 2 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom('all' as const, 'last' as const),
        async (steps, catch_up) => {
          const world = new World();
          await world.start({ catch_up });
          let latest = 0;
          for (const given of steps) {
            if (given.kind === 'pass') await world.at(Math.max(0, world.now + given.byMs));
            else if (given.kind === 'refuse') world.jobs.refusals = 1;
            else if (given.kind === 'restart') await world.restart();
            else await crashAfterNotes(world, given);
            latest = Math.max(latest, world.now);
          }
          // The fault and the wait that it brings are over.
          world.jobs.refusals = 0;
          await world.at(latest + 2 * minute);
          await world.at(world.now + minute);
          const { ticks } = world.jobs;
          expect(new Set(ticks).size).toBe(ticks.length);
          if (catch_up === 'all') expect(ticks).toEqual(ticks.toSorted((one, other) => one - other));
          const due = Math.floor(world.now / minute);
          expect(catch_up === 'all' ? ticks.length : world.stored.runs + world.stored.missed).toBe(due);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Several ticks are due, and the process ends after the job of one of them is made and before that is noted. */
async function crashAfterNotes(world: World, given: { byMs: number; notes: number }): Promise<void> {
  const settle = world.schedules.settle.bind(world.schedules);
  let left = given.notes;
  world.schedules.settle = (...noted) => {
    left -= 1;
    return left < 0 ? Promise.reject(new Error('killed')) : settle(...noted);
  };
  await world.at(world.now + given.byMs);
  world.schedules.settle = settle;
  await world.restart();
}

describe('ticks that nobody could keep', () => {
  test.each([
    ['none', [], 5],
    ['last', [10 * minute], 4],
    ['all', [2, 4, 6, 8, 10].map((at) => at * minute), 0],
  ] as const)('with catch_up %s run %j', async (catch_up, ticks, missed) => {
    const world = new World();
    await world.start({ catch_up, every_s: 120, next_at: new Date(2 * minute) });
    await world.at(11 * minute + 1);
    expect(world.jobs.ticks).toEqual(ticks);
    expect(world.stored).toMatchObject({ missed, runs: ticks.length, next_at: new Date(12 * minute) });
  });

  test('do not run where a later one is in time', async () => {
    const world = new World();
    await world.start();
    await world.at(5 * minute + 1);
    expect(world.jobs.ticks).toEqual([5 * minute]);
    expect(world.stored).toMatchObject({ runs: 1, missed: 4 });
  });

  test('are found among a million of them at once', async () => {
    const world = new World();
    await world.start({ every_s: 1, next_at: new Date(1_000) });
    await world.at(1_000_000_000 + 500);
    expect(world.jobs.ticks.at(-1)).toBe(1_000_000_000);
    expect(world.stored.next_at).toEqual(new Date(1_000_001_000));
  });
});

describe('a tick while the job before is under way', () => {
  test('is skipped', async () => {
    const world = new World();
    await world.start({ overlap: 'skip' });
    await world.at(minute);
    await world.at(2 * minute);
    await world.jobs.end('job_1');
    await world.at(3 * minute);
    expect(world.jobs.ticks).toEqual([minute, 3 * minute]);
    expect(world.stored).toMatchObject({ runs: 2, skipped: 1 });
  });

  test('waits for its end, however long, and is not missed', async () => {
    const world = new World();
    await world.start({ overlap: 'queue' });
    await world.at(minute);
    await world.at(2 * minute);
    await world.at(10 * minute);
    expect(world.jobs.ticks).toEqual([minute]);
    await world.jobs.end('job_1');
    await world.at(10 * minute + 2_000);
    expect(world.jobs.ticks).toEqual([minute, 2 * minute]);
    expect(world.stored).toMatchObject({ runs: 2, missed: 0 });
  });

  test('replaces it', async () => {
    const world = new World();
    await world.start({ overlap: 'replace' });
    await world.at(minute);
    await world.at(2 * minute);
    expect(world.jobs.cancelled).toEqual(['job_1']);
    expect(world.jobs.ticks).toEqual([minute, 2 * minute]);
  });
});

test('ticks that were missed are told of once, also when the broker is away and after a restart', async () => {
  const world = new World();
  await world.start({ catch_up: 'none' });
  world.isBrokerAway = true;
  await world.at(5 * minute + 59_000);
  await world.restart();
  expect([world.stored.missed, [...world.told]]).toEqual([4, []]);
  world.isBrokerAway = false;
  await world.restart();
  world.clock = world.replica();
  await world.clock.start();
  await eventually(() => expect([world.stored.missed_told, [...world.told.values()]]).toEqual([4, [4]]));
  await world.clock.stop();
  await world.restart();
  expect([...world.told.values()]).toEqual([4]);
});

test('a schedule that was edited without its clock being told is read anew, and goes on as it is then', async () => {
  const world = new World();
  await world.start();
  await world.schedules.edit('default/a', () => ({ every_s: 600, next_at: new Date(10 * minute) }));
  await world.at(minute);
  expect(world.stored).toMatchObject({ runs: 0, next_at: new Date(10 * minute) });
  await world.at(2 * minute);
  await world.at(10 * minute);
  expect(world.jobs.ticks).toEqual([minute, 10 * minute]);
  expect(world.stored).toMatchObject({ runs: 1, next_at: new Date(20 * minute) });
});

test('a schedule that is gone from the record makes no job, and is asked about no more', async () => {
  const world = new World();
  await world.start();
  await world.schedules.remove('default/a');
  await world.at(minute);
  await world.at(2 * minute);
  expect(world.jobs.ticks).toEqual([]);
});

test('jitter makes a tick late by its own, and keeps its key', async () => {
  const world = new World();
  await world.start({ jitter_s: 30 });
  await world.at(minute + 30_000);
  expect(world.jobs.ticks).toEqual([minute]);
});

test('a schedule that is paused or forgotten makes no jobs', async () => {
  const world = new World();
  await world.start({ paused: true });
  await world.at(minute);
  world.clock.note({ ...world.stored, paused: false });
  world.clock.forget('default/a');
  await world.at(2 * minute);
  expect(world.jobs.ticks).toEqual([]);
});
