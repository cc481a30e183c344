import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Schedule } from './domain/schedule.js';
import { World, minute } from './schedules-world.js';

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
  await world.missed.tellAll();
  expect([world.stored.missed, [...world.told]]).toEqual([4, []]);
  world.isBrokerAway = false;
  await world.restart();
  await world.missed.tellAll();
  await world.restart();
  await world.missed.tellAll();
  expect([world.stored.missed_told, [...world.told.values()]]).toEqual([4, [4]]);
});

test('ticks whose telling is cut off and followed by others are told of once', async () => {
  const world = new World();
  await world.start({ catch_up: 'none' });
  await world.at(3 * minute + 59_000);
  world.isNotingAway = true;
  await world.missed.tellAll();
  world.isNotingAway = false;
  await world.at(6 * minute + 59_000);
  await world.restart();
  await world.missed.tellAll();
  const { missed, missed_told } = world.stored;
  const sum = [...world.told.values()].reduce((total, ticks) => total + ticks, 0);
  expect([missed_told, sum]).toEqual([missed, missed]);
  expect(missed).toBeGreaterThan(3);
});

test.each(['UNIQUE_CONFLICT', 'VALIDATION_FAILED'] as const)(
  'a tick whose job is refused with %s is skipped, and not asked for again',
  async (code) => {
    const world = new World();
    await world.start();
    world.jobs.refuseAs = code;
    await world.at(minute);
    await world.at(minute + 1_000);
    expect([world.jobs.asked, world.stored.skipped, world.stored.runs]).toEqual([1, 1, 0]);
    world.jobs.refuseAs = null;
    await world.at(2 * minute);
    expect(world.jobs.ticks).toEqual([2 * minute]);
  },
);

test('a schedule that was edited without its clock being told is read anew, and goes on as it is then', async () => {
  const world = new World();
  await world.start();
  await world.schedules.edit('default/a', () => ({ every_s: 600, next_at: new Date(10 * minute) }));
  await world.at(minute);
  expect(world.stored).toMatchObject({ runs: 1, next_at: new Date(10 * minute) });
  await world.at(2 * minute);
  await world.at(10 * minute);
  expect(world.jobs.ticks).toEqual([minute, 10 * minute]);
  expect(world.stored).toMatchObject({ runs: 2, next_at: new Date(20 * minute) });
});

test('a tick that made its job while the schedule was paused counts, and so does its job to the ticks that follow', async () => {
  const world = new World();
  await world.start({ overlap: 'skip' });
  const make = world.jobs.make.bind(world.jobs);
  world.jobs.make = async (...given) => {
    const made = await make(...given);
    await world.schedules.edit('default/a', () => ({ paused: true }));
    return made;
  };
  await world.at(minute);
  expect(world.stored).toMatchObject({ runs: 1, last_job_id: 'job_1', last_tick: new Date(minute) });
  world.jobs.make = make;
  world.clock.note(
    (await world.schedules.edit('default/a', () => ({ paused: false, next_at: new Date(2 * minute) }))) as Schedule,
  );
  await world.at(2 * minute);
  expect(world.jobs.ticks).toEqual([minute]);
  expect(world.stored).toMatchObject({ runs: 1, skipped: 1 });
  await world.clock.stop();
});

test('a tick that one replica has noted while another took over counts once', async () => {
  const world = new World();
  await world.start();
  const successor = world.replica();
  await successor.start();
  await world.at(minute);
  await successor.pass();
  expect(world.jobs.ticks).toEqual([minute]);
  expect(world.stored).toMatchObject({ runs: 1, last_tick: new Date(minute) });
  await successor.stop();
});

test('a tick that one replica has skipped, and of which the next one makes a job, has that job', async () => {
  const world = new World();
  await world.start({ overlap: 'skip' });
  await world.at(minute);
  const successor = world.replica();
  await successor.start();
  await world.at(2 * minute);
  expect(world.stored).toMatchObject({ runs: 1, skipped: 1 });
  await world.jobs.end('job_1');
  await successor.pass();
  expect(world.stored).toMatchObject({ runs: 2, last_tick: new Date(2 * minute), last_job_id: 'job_2' });
  await successor.stop();
});

test('a schedule that is gone from the record makes no job, and is asked about no more', async () => {
  const world = new World();
  await world.start();
  await world.schedules.remove('default/a');
  await world.at(minute);
  await world.at(2 * minute);
  expect(world.jobs.ticks).toEqual([]);
  await world.clock.stop();
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
  await world.clock.stop();
});
