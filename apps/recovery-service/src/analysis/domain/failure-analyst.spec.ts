import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recoveryStatuses, type FailedRun } from '@kintsugi/contracts';
import { everyPhase, recordPhases } from '../../records/domain/record-lifecycle.js';
import { plainAnalysis } from '../plain-analysis.js';
import type { AnalysedPart } from './analysed-part.js';
import { FailureAnalyst } from './failure-analyst.js';
import { ColumnsBuilder, fromBytes, toBytes, type AnalysedRecord } from './failure-columns.js';

const start = Date.parse('2026-11-01T00:00:00.000Z');
const tasksAtOnce = 7;
const now = start + 10 * 86_400_000;
const at = (ms: number): string => new Date(start + ms).toISOString();

/** A task with a run that failed for each delay, an hour apart. */
function task(delays: (number | null)[], given: Partial<AnalysedRecord> = {}): AnalysedRecord {
  const failed_runs: FailedRun[] = delays.map((retry_delay_ms, index) => ({
    ...{ attempt: index + 1, failed_at: at(index * 3_600_000), error_type: 'smtp.451', retry_delay_ms },
  }));
  return {
    ...{ job_id: 'j', job_type: 'smtp.send', error_type: 'smtp.451', timestamp: failed_runs.at(-1)?.failed_at ?? at(0) },
    ...{
      phase: 'discarded',
      recovery_status: 'recovered',
      retry_count: delays.filter((delay) => delay !== null).length,
      failed_runs,
    },
    ...{ group_id: 'grp_1', closed_at: new Date(start + delays.length * 3_600_000) },
    ...given,
  };
}

/** Of tasks as they are told: some at once, each some laid down and read again. */
function analysisOf(tasks: AnalysedRecord[], part: Partial<AnalysedPart> = {}) {
  const analyst = new FailureAnalyst({ start: new Date(0), end: new Date(now), ...part }, now);
  for (let first = 0; first < tasks.length; first += tasksAtOnce) {
    const builder = new ColumnsBuilder();
    for (const each of tasks.slice(first, first + tasksAtOnce)) builder.add(each);
    analyst.add(fromBytes(toBytes(builder.build())));
  }
  return analyst.result();
}

describe('an analysis of failures', () => {
  test('tells which retries helped: the last of what recovered, none before it, and nothing of what is open', () => {
    const { retry_success: told } = analysisOf([
      task([2_000, 10_000]),
      task([2_000]),
      task([2_000, null], { recovery_status: 'failed' }),
      task([2_000], { recovery_status: 'in_progress' }),
    ]);
    expect(told.by_attempt).toMatchObject([
      { attempt: 2, tried: 3, succeeded: 1, rate: 1 / 3 },
      { attempt: 3, tried: 1, succeeded: 1, rate: 1 },
    ]);
    expect(told.by_delay).toMatchObject([
      { from_s: 1, to_s: 5, tried: 3, succeeded: 1 },
      { from_s: 5, to_s: 15, tried: 1, succeeded: 1 },
    ]);
  });

  test('does not let what is open make recoveries look quick', () => {
    const quick = task([1_000]);
    const open = task([null], { recovery_status: 'failed' });
    delete open.closed_at;
    const { time_to_recover: half } = analysisOf([quick, quick, open, open]);
    expect(half).toEqual({ recovered: 2, open: 2, median_s: 3_600, p95_s: null });
    expect(analysisOf([quick, open, open]).time_to_recover.median_s).toBeNull();
  });

  test('does not count what its producer reports as given up, nor as waiting', () => {
    const reported = task([null], { phase: 'reported', recovery_status: 'failed' });
    const told = analysisOf([reported, task([1_000])]);
    expect(told.by_error_type).toMatchObject([{ tasks: 2, recovery: { decided: 1, rate: 1 } }]);
    expect(told.time_to_recover).toMatchObject({ recovered: 1, open: 0 });
  });

  test('of nothing is empty', () => {
    expect(analysisOf([])).toMatchObject({ totals: { tasks: 0, jobs: 0 }, by_error_type: [], top_groups: [], trend: null });
  });

  const anyTask = fc
    .record({
      delays: fc.array(fc.option(fc.integer({ min: 0, max: 100_000 })), { minLength: 1, maxLength: 5 }),
      job_id: fc.constantFrom('j1', 'j2', 'j3'),
      job_type: fc.constantFrom('a', 'b'),
      error_type: fc.constantFrom('smtp.451', 'net.reset', 'TypeError'),
      recovery_status: fc.constantFrom(...recoveryStatuses),
      group_id: fc.constantFrom('g1', 'g2', 'g3'),
    })
    .map(({ delays, ...given }) => task(delays, given));

  test('of a part is what one works out for its tasks in the plainest way', () => {
    const tasks = fc.array(
      fc
        .record({ given: anyTask, hour: fc.integer({ min: 0, max: 50 }), tenant: fc.constantFrom(undefined, 'acme') })
        .chain(({ given, hour, tenant }) =>
          fc.constantFrom(...everyPhase).map((phase) => {
            const { status: recovery_status } = recordPhases[phase];
            const { closed_at: closedAt, ...open } = { ...given, phase, recovery_status, timestamp: at(hour * 3_600_000) };
            const closed = ['recovered', 'cancelled'].includes(phase) && closedAt ? { closed_at: closedAt } : {};
            return { ...open, ...closed, ...(tenant === undefined ? {} : { tenant }) };
          }),
        ),
      { maxLength: 40 },
    );
    const part = fc.record(
      {
        start: fc.integer({ min: 0, max: 20 }).map((hour) => new Date(at(hour * 3_600_000))),
        end: fc.integer({ min: 20, max: 60 }).map((hour) => new Date(at(hour * 3_600_000))),
        error_types: fc.subarray(['smtp.*', 'net.reset', 'T*']),
        job_ids: fc.subarray(['j1', 'j3']),
        tenant: fc.constantFrom('default', 'acme'),
        closed_after: fc.integer({ min: 0, max: 5 }).map((hour) => new Date(at(hour * 3_600_000))),
      },
      { requiredKeys: ['start', 'end'] },
    );
    fc.assert(
      fc.property(tasks, part, (given, asked) => {
        expect(analysisOf(given, asked)).toEqual(plainAnalysis(given, asked, now));
      }),
    );
  });

  test('counts what one counts in the plainest way', () => {
    fc.assert(
      fc.property(fc.array(anyTask, { minLength: 1, maxLength: 40 }), (tasks) => {
        const found = analysisOf(tasks);
        const runs = (some: AnalysedRecord[]): number => some.reduce((sum, { failed_runs: each }) => sum + each.length, 0);
        const having = (some: AnalysedRecord[], status: string): number =>
          some.filter(({ recovery_status: each }) => each === status).length;
        expect(found.totals).toMatchObject({
          tasks: tasks.length,
          jobs: new Set(tasks.map(({ job_id: id }) => id)).size,
          failed_runs: runs(tasks),
        });
        for (const {
          error_type: type,
          tasks: count,
          failed_runs: failedRuns,
          recovery,
          by_status: byStatus,
        } of found.by_error_type) {
          const mine = tasks.filter(({ error_type: each }) => each === type);
          const decided = having(mine, 'recovered') + having(mine, 'failed');
          expect([count, failedRuns, recovery.decided]).toEqual([mine.length, runs(mine), decided]);
          expect(recovery.rate).toBe(decided === 0 ? null : having(mine, 'recovered') / decided);
          for (const status of recoveryStatuses) expect(byStatus[status]).toBe(having(mine, status));
        }
        for (const group of found.top_groups) {
          const mine = tasks.filter(({ group_id: id }) => id === group.group_id);
          expect([group.tasks, group.jobs]).toEqual([mine.length, new Set(mine.map(({ job_id: id }) => id)).size]);
        }
        const sizes = found.by_error_type.map(({ tasks: count }) => count);
        expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
        expect(found.trend?.buckets.reduce((sum, { failed_runs: count }) => sum + count, 0)).toBe(runs(tasks));
        const retried = tasks.flatMap(({ failed_runs: each, recovery_status: status }) =>
          each.filter(
            ({ retry_delay_ms: delay }, index) => delay !== null && (index < each.length - 1 || status === 'recovered'),
          ),
        );
        expect(found.retry_success.by_delay.reduce((sum, { tried }) => sum + tried, 0)).toBe(retried.length);
      }),
    );
  });
});
