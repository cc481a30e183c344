import { expect, test } from '@jest/globals';
import type { FleetReading } from '../../fleet/domain/fleet-reading.js';
import { fleetValues } from './fleet-values.js';

/** What processes say that have counted so many failed runs each, since they began. */
function reading(at: number, failed: Record<string, number>): FleetReading {
  const processes = Object.entries(failed).map(([instance, count]) => ({
    ...{ service: 'job-service', instance },
    families: [
      { name: 'kintsugi_workers', values: [{ labels: { state: 'up' }, value: 1 }] },
      { name: 'kintsugi_attempts_total', values: [{ labels: { type: 'mail', outcome: 'failed' }, value: count }] },
    ],
  }));
  return { at, processes };
}

test('a process that was too slow to answer the look before pages nobody', () => {
  const before = reading(0, { one: 100 });
  const now = reading(10_000, { one: 120, two: 5_000_000 });
  expect(fleetValues('failed_runs_per_s', { before, now })).toEqual(new Map([['mail', 2]]));
});

test('nothing is known of a rate where nobody answered both looks', () => {
  const now = reading(10_000, { two: 5_000_000 });
  expect(fleetValues('failed_runs_per_s', { before: reading(0, { one: 100 }), now })).toBeNull();
  expect(fleetValues('failed_runs_per_s', { before: null, now })).toBeNull();
});
