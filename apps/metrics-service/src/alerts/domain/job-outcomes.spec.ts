import { describe, expect, test } from '@jest/globals';
import { alertSignals, type AlertSignal } from '@kintsugi/contracts';
import { emptyRow, type JobRow } from '../../job-history/domain/job-row.js';
import { JobOutcomes } from './job-outcomes.js';
import { outcomeValues } from './outcome-values.js';

const base = Date.parse('2026-01-01T12:00:00.000Z');

function ended(s: number, status: 'completed' | 'failed', { tenant = 'default', type = 'send', tookS = 1 } = {}): JobRow {
  const at = base + s * 1_000;
  const head = { created_at: at - tookS * 1_000, tenant, type };
  const ending = { at, finished_at: at, started_at: at - tookS * 1_000, status, task_counts: {}, error_types: {} };
  return { ...emptyRow(`job_${s}_${status}`), head, ending, first_started_at: at - tookS * 1_000 } as unknown as JobRow;
}

function counted(rows: readonly JobRow[], since: number): JobOutcomes {
  const outcomes = new JobOutcomes();
  outcomes.begin(base + since * 1_000);
  for (const row of rows) outcomes.add(row);
  return outcomes;
}

const asked = { tenant: null, type: null, window_s: 60, at_least: 1, objective: 0.9 } as const;
const values = (
  signal: Parameters<typeof outcomeValues>[0]['signal'],
  outcomes: JobOutcomes,
  s: number,
  given: object = {},
): unknown => Object.fromEntries(outcomeValues({ ...asked, signal, ...given }, outcomes, base + s * 1_000));

test('ends that the history heard of late, because it was behind, are counted once it is not', () => {
  const outcomes = new JobOutcomes();
  const look = (s: number, rows: readonly JobRow[], isWhole: boolean): unknown => {
    outcomes.begin(base + (s - 300) * 1_000, isWhole);
    for (const row of rows) outcomes.add(row);
    outcomes.seal(base + (s - 30) * 1_000);
    return values('jobs_failed', outcomes, s, { window_s: 300 });
  };
  const rows = [ended(0, 'failed'), ended(60, 'failed')];
  expect(look(200, rows.slice(0, 1), false)).toEqual({ send: 1 });
  expect(look(210, rows.slice(0, 1), false)).toEqual({ send: 1 });
  expect(look(220, rows, true)).toEqual({ send: 2 });
  expect(look(230, rows, true)).toEqual({ send: 2 });
});

describe('how jobs ended in a window', () => {
  const rows = [
    ended(-100, 'failed'),
    ended(0, 'completed'),
    ended(10, 'failed'),
    ended(20, 'completed', { tookS: 100 }),
    ended(25, 'failed', { tenant: 'shop', type: 'bill' }),
  ];
  const outcomes = counted(rows, -200);

  test('is told by type, of a tenant or of all', () => {
    expect(values('jobs_failed', outcomes, 40)).toEqual({ send: 1, bill: 1 });
    expect(values('jobs_failed', outcomes, 40, { tenant: 'shop' })).toEqual({ bill: 1 });
    expect(values('jobs_failed', outcomes, 40, { type: 'send' })).toEqual({ send: 1 });
    expect(values('jobs_ended', outcomes, 40)).toEqual({ '': 4 });
    expect(values('jobs_ended', outcomes, 500)).toEqual({ '': 0 });
    expect(values('job_failure_ratio', outcomes, 40)).toEqual({ send: 1 / 3, bill: 1 });
    expect(values('job_failure_ratio', outcomes, 40, { at_least: 2 })).toEqual({ send: 1 / 3 });
  });

  test.each(['jobs_ended', 'jobs_failed', 'job_failure_ratio', 'job_duration_s', 'failure_budget_burn'] as const)(
    '%s looks at the fields that it is said to ask, and at no other',
    (signal) => {
      const { asks }: AlertSignal = alertSignals[signal];
      const failing = counted([ended(0, 'completed'), ended(38, 'failed')], -10);
      const changed = (given: object): boolean =>
        JSON.stringify(values(signal, failing, 40, given)) !== JSON.stringify(values(signal, failing, 40));
      expect(changed({ at_least: 3 })).toBe(asks.includes('at_least'));
      expect(changed({ objective: 0.99 })).toBe(asks.includes('objective'));
    },
  );

  test('a duration is told to within a twentieth', () => {
    const { send } = values('job_duration_s', outcomes, 40) as { send: number };
    expect(send / 100).toBeGreaterThanOrEqual(1);
    expect(send / 100).toBeLessThan(1.05);
  });

  test('the budget burns by the window or by its last twelfth, whichever is slower', () => {
    const failing = counted([ended(0, 'completed'), ended(1, 'failed'), ended(100, 'failed')], -10);
    const of = { window_s: 120 };
    expect(values('failure_budget_burn', failing, 105, of)).toEqual({ send: expect.closeTo(2 / 3 / 0.1) });
    expect(values('failure_budget_burn', failing, 120, of)).toEqual({ send: 0 });
  });
});

test('read again and again, each job counts once, and as late as half a minute', () => {
  const outcomes = new JobOutcomes();
  const read = (now: number, history: readonly JobRow[]): void => {
    const from = outcomes.begin(base + (now - 300) * 1_000);
    for (const row of history.filter(({ ending }) => (ending?.at ?? 0) >= from)) outcomes.add(row);
    outcomes.seal(base + (now - 30) * 1_000);
  };
  const history: JobRow[] = [];
  for (let s = 0; s <= 200; s += 5) {
    history.push(ended(s, 'failed'));
    // It is told twenty seconds after its end.
    if (s >= 20) history.push(ended(s - 20, 'completed'));
    read(s, history);
  }
  expect(values('jobs_ended', outcomes, 200, { window_s: 300 })).toEqual({ '': history.length });
});
