import { expect, test } from '@jest/globals';
import { fleetOf, rateBy, type FleetReading } from './fleet-reading.js';

type Figures = Record<string, [labels: Record<string, string>, value: number | null][]>;

const reading = (at: number, figures: Figures, instance = '1'): FleetReading => ({
  at,
  processes: [
    {
      ...{ service: 'job-service', instance },
      families: Object.entries(figures).map(([name, values]) => ({
        name,
        values: values.map(([labels, value]) => ({ labels, value })),
      })),
    },
  ],
});

const finished = (count: number): Figures => ({
  kintsugi_tasks_finished_total: [
    [{ type: 'mail', state: 'succeeded' }, count],
    [{ type: 'mail', state: 'dead' }, 5],
  ],
});

test('rates are what counters grew by, a second', () => {
  const fleet = fleetOf(reading(0, finished(100)), reading(5_000, finished(150)));
  expect(fleet).toMatchObject({ span_s: 5, as_of: new Date(5_000).toISOString(), rates: { tasks_ended_per_s: 10 } });
  expect(fleet.queues).toEqual([expect.objectContaining({ type: 'mail', ended_per_s: 10, ready: 0, oldest_ready_s: 0 })]);
});

test('a counter that began anew with its process counts from there', () => {
  expect(fleetOf(reading(0, finished(100)), reading(1_000, finished(7))).rates.tasks_ended_per_s).toBe(7);
});

test('a process that said nothing before counts for no rate: its counters are of its whole life', () => {
  const [slow, other] = [finished(1_000_000), finished(100)].map((figures, at) => reading(1_000, figures, `${at}`).processes);
  const now = { at: 1_000, processes: [...(slow ?? []), ...(other ?? [])] };
  const before = { at: 0, processes: reading(0, finished(90), '1').processes };
  expect(fleetOf(before, now).rates.tasks_ended_per_s).toBe(10);
  expect(rateBy(before, now, 'kintsugi_tasks_finished_total', 'type')).toEqual(new Map([['mail', 10]]));
  expect(rateBy(reading(0, {}, '3'), now, 'kintsugi_tasks_finished_total', 'type')).toBeNull();
});

test('a series that its process told for the first time counts whole', () => {
  expect(fleetOf(reading(0, {}), reading(1_000, finished(7))).rates.tasks_ended_per_s).toBe(12);
});

test('queues, workers and retries are as they are now, the one that has waited longest first', () => {
  const now = reading(1_000, {
    kintsugi_queue_tasks: [
      [{ type: 'mail', state: 'ready' }, 40],
      [{ type: 'mail', state: 'leased' }, 3],
      [{ type: 'mail', state: 'running' }, 4],
      [{ type: 'mail', state: 'waiting_retry' }, 2],
    ],
    kintsugi_queue_oldest_ready_age_seconds: [
      [{ type: 'mail' }, 1.234],
      [{ type: 'slow' }, 90],
      [{ type: 'gone' }, null],
    ],
    kintsugi_workers: [
      [{ state: 'up' }, 3],
      [{ state: 'draining' }, 1],
    ],
    kintsugi_worker_slots: [
      [{ state: 'used' }, 7],
      [{ state: 'free' }, 25],
    ],
  });
  const fleet = fleetOf(reading(0, {}), now);
  expect(fleet.queues).toMatchObject([
    { type: 'slow', oldest_ready_s: 90, ready: 0 },
    { type: 'mail', oldest_ready_s: 1.23, ready: 40, active: 7, waiting_retry: 2 },
  ]);
  expect(fleet).toMatchObject({ workers: { up: 3, draining: 1, slots: 32, used_slots: 7 }, retries_in_flight: 2 });
});
