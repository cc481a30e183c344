import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import type { Fleet } from '@kintsugi/contracts';
import { widthOf } from '../terminal/text-width.js';
import { fleetLines, fleetSummary } from './fleet-lines.js';

const queue = {
  type: 'smtp.send',
  ready: 1_234,
  active: 32,
  waiting_retry: 7,
  oldest_ready_s: 61,
  ended_per_s: 812,
  failed_per_s: 1.5,
};

const fleet: Fleet = {
  as_of: '2026-11-27T12:34:56.000Z',
  span_s: 10,
  rates: {
    jobs_accepted_per_s: 3_000,
    jobs_ended_per_s: 2_990,
    jobs_failed_per_s: 0.5,
    tasks_ended_per_s: 12_000,
    runs_failed_per_s: 20,
    retries_per_s: 4,
  },
  queues: [
    queue,
    { ...queue, type: 'a.type.with.a.very.long.name.that.nobody.would.give.to.one.of.his.own.job.types', ready: 0 },
  ],
  workers: { up: 2, draining: 1, slots: 64, used_slots: 32 },
  retries_in_flight: 14,
  groups_rising: [
    {
      ...{ group_id: `grp_${'0'.repeat(32)}`, tenant: 'default', state: 'open', last_hour: 420, usual_hour: 3.2 },
      ...{ error_type: 'smtp.451', title: 'Greylisted <*>, try again in <*> seconds, said the server of the other side' },
    },
  ],
};

const plain = { paint: pc.createColors(false), columns: 80 };

test('everything fits 80 columns, with queues, workers, rates and groups', () => {
  const lines = fleetLines(fleet, plain);
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
  const text = lines.join('\n');
  expect(text).toMatch(/jobs {2}3,000\/s in {2}2,990\/s out {2}0\.5\/s failed/);
  expect(text).toMatch(/2 workers, 1 draining {2}32 of 64 slots/);
  expect(text).toMatch(/smtp\.send +1,234 +32 +7 +1 min 1 s! +812 +1\.5/);
  expect(text).toMatch(/smtp\.451 +420 +3 +Greylisted/);
});

test('what is not there is said', () => {
  const none = { ...fleet, queues: [], groups_rising: null, workers: { up: 0, draining: 0, slots: 0, used_slots: 0 } };
  expect(fleetLines(none, plain).join('\n')).toMatch(/no worker[^]*recovery-service does not answer/);
  expect(fleetLines({ ...none, groups_rising: [] }, plain).join('\n')).toContain('No group of failures is rising.');
});

test('in one line, for where nothing is drawn again', () => {
  expect(fleetSummary(fleet)).toBe('12,000 tasks/s, 20 failed/s, 32 of 64 slots, 14 to be retried');
});
