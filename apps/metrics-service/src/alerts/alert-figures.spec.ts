import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { AlertSignalName } from '@kintsugi/contracts';
import type { FleetReading } from '../fleet/domain/fleet-reading.js';
import type { FleetSource } from '../fleet/queries/get-fleet.js';
import type { JobHistory } from '../job-history/domain/job-history.js';
import { emptyRow, type JobRow } from '../job-history/domain/job-row.js';
import type { HistoryBacklog } from '../job-history/nats/history-backlog.js';
import { AlertFigures } from './alert-figures.js';
import type { AlertCondition } from './domain/alert-condition.js';
import type { EndedJobs } from './mongo/ended-jobs.js';
import type { OccurrenceStore } from './mongo/occurrence-store.js';

const base = Date.parse('2026-01-01T12:00:00.000Z');
const day = 86_400_000;

let rows: JobRow[];
let isBehind: boolean;
let fleetAt: number;
let failedRuns: number;
let rowsRead: number;
let figures: AlertFigures;

beforeEach(() => {
  rows = [];
  [isBehind, fleetAt, failedRuns, rowsRead] = [false, base, 0, 0];
  const values = () => [{ labels: { type: 'send', outcome: 'failed' }, value: (failedRuns += 100) }];
  const families = () => [
    { name: 'kintsugi_workers', values: [{ labels: { state: 'up' }, value: 1 }] },
    { name: 'kintsugi_attempts_total', values: values() },
  ];
  const read = async (): Promise<FleetReading> => {
    return { at: fleetAt, processes: [{ service: 'job-service', instance: '1', families: families() }] };
  };
  async function* all(): AsyncGenerator<JobRow> {
    for (const row of rows) {
      rowsRead += 1;
      yield row;
    }
  }
  figures = new AlertFigures(
    { read } as unknown as FleetSource,
    { read: all } as unknown as JobHistory,
    { since: all } as unknown as EndedJobs,
    {} as OccurrenceStore,
    { isBehind: async () => isBehind } as unknown as HistoryBacklog,
  );
});

afterEach(() => {
  jest.restoreAllMocks();
});

async function figureOf(signal: AlertSignalName, now: number, patienceMs?: number): Promise<unknown> {
  const condition = { _id: 'a', signal, tenant: null, type: null, window_s: 300, at_least: 1, objective: 0.9 };
  const found = (await figures.of([condition as unknown as AlertCondition], new Date(now), patienceMs)).get('a');
  return found && Object.fromEntries(found);
}

interface Given extends Partial<Pick<JobRow, 'hold' | 'recovery'>> {
  runAt?: number;
}

function job(madeAt: number, { runAt, ...given }: Given = {}): JobRow {
  const run = runAt === undefined ? {} : { run_at: new Date(runAt).toISOString() };
  return { ...emptyRow(`job_${madeAt}`), head: { created_at: madeAt, ...run }, ...given } as unknown as JobRow;
}

describe('the age of the oldest job', () => {
  test('counts from when it could go on, and not through the time for which it was to wait', async () => {
    rows = [job(base - 7 * day, { runAt: base - 10_000 })];
    expect(await figureOf('job_age_s', base)).toEqual({ '': 10 });
    rows = [job(base - 7 * day, { hold: { at: base - 20_000, status: 'running' } })];
    expect(await figureOf('job_age_s', base)).toEqual({ '': 20 });
    rows = [job(base - 7 * day, { recovery: { at: base - 30_000, status: 'recovering' } })];
    expect(await figureOf('job_age_s', base)).toEqual({ '': 30 });
  });

  test('is that of the one that could go on for the longest, whichever was made first', async () => {
    rows = [job(base - 7 * day, { runAt: base - 10_000 }), job(base - day), job(base - 1_000)];
    expect(await figureOf('job_age_s', base)).toEqual({ '': 86_400 });
    rows = [];
    expect(await figureOf('job_age_s', base)).toEqual({ '': 0 });
  });

  test('is looked for among those that were made first, however many have come to their time at once', async () => {
    rows = Array.from({ length: 20_000 }, (_, index) => job(base - 7 * day + index, { runAt: base - 10_000 }));
    expect(await figureOf('job_age_s', base)).toEqual({ '': 10 });
    expect(rowsRead).toBeLessThan(10_100);
  });
});

test('nothing is decided by how jobs ended while the history has much to catch up with', async () => {
  isBehind = true;
  expect(await figureOf('jobs_ended', base)).toBeUndefined();
  // Whoever tries a condition is told of what there is.
  expect(await figureOf('jobs_ended', base, 0)).toEqual({ '': 0 });
  isBehind = false;
  const ending = {
    at: base - 200_000,
    finished_at: base - 200_000,
    started_at: base - 200_001,
    status: 'failed',
    error_types: {},
  };
  rows = [{ ...job(base - 200_002), ending } as unknown as JobRow];
  rows[0]!.head = { ...rows[0]!.head!, tenant: 'default', type: 'send' };
  expect(await figureOf('jobs_failed', base)).toEqual({ send: 1 });
});

test.each([-3_600_000, -9_900, 3_600_000])(
  'rates are by the time that passed, where the time of day moved by %i ms',
  async (byMs) => {
    const passed = jest.spyOn(performance, 'now').mockReturnValue(1_000_000);
    expect(await figureOf('failed_runs_per_s', base)).toBeUndefined();
    for (const seconds of [10, 20]) {
      passed.mockReturnValue(1_000_000 + seconds * 1_000);
      fleetAt = base + byMs + seconds * 1_000;
      expect(await figureOf('failed_runs_per_s', fleetAt)).toEqual({ send: 10 });
    }
    passed.mockReturnValue(2_000_000);
    expect(await figureOf('failed_runs_per_s', fleetAt)).toBeUndefined();
  },
);
