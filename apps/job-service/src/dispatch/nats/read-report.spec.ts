import { describe, expect, test } from '@jest/globals';
import { leaseOutcomeSchema, type LeaseOutcome } from '@kintsugi/contracts';
import * as fc from 'fast-check';
import { readReport } from './read-report.js';

const now = 1_700_000_000_000;
const chunkId = '01890a5d-ac96-774b-bcce-b302099a8057.0';

function outcomeOf(changes: Record<string, unknown> = {}): Record<string, unknown> & LeaseOutcome {
  const parts = { base_ms: now, done: [0], started: [5], took_us: [2_000], failed: [], returned: [] };
  return { chunk_id: chunkId, fence: 1, ...parts, ...changes };
}

function reportOf(...leases: unknown[]): unknown {
  return { v: 1, worker_id: 'worker', leases };
}

function failureOf(changes: Record<string, unknown>): Record<string, unknown> {
  return { index: 1, started: 5, took_us: 10, error_type: 'net.reset', error_message: 'gone', ...changes };
}

describe('a report that breaks its contract is taken as far as it can be', () => {
  test('one that keeps it is taken as it is', () => {
    const outcome = outcomeOf();
    expect(readReport(reportOf(outcome), now)).toEqual({ leases: [outcome] });
  });

  test('more leases than a report may have are all taken', () => {
    const leases = Array.from({ length: 1_100 }, (_, fence) => outcomeOf({ fence }));
    const report = readReport(reportOf(...leases), now);
    expect(report.leases).toEqual(leases);
    expect(report.refused).toContain('leases: ');
  });

  test.each([null, NaN, -5, 0.5, 'soon'])('a failure that asks for a pause of %s is taken without the pause', (pause) => {
    const failed = [failureOf({ retry_after_ms: pause }), failureOf({ index: 2, retry_after_ms: 7 })];
    const { leases, refused } = readReport(reportOf(outcomeOf({ failed })), now);
    expect(leases).toEqual([outcomeOf({ failed: [failureOf({}), failureOf({ index: 2, retry_after_ms: 7 })] })]);
    expect(refused).toContain('leases.0.failed.0.retry_after_ms: ');
  });

  test('a failure that does not say what it is counts as one, with a type that says why', () => {
    const failed = [failureOf({ error_type: 'no such name!', error_message: 7 })];
    const [outcome] = readReport(reportOf(outcomeOf({ failed })), now).leases;
    expect(outcome?.failed).toMatchObject([{ index: 1, error_type: 'worker.bad_report' }]);
    expect(outcome?.failed[0]?.error_message).toContain('failed.0.error_type: ');
  });

  test('a sound outcome beside a broken one is taken as it is', () => {
    const sound = outcomeOf({ fence: 2 });
    const { leases } = readReport(reportOf({ nonsense: true }, outcomeOf({ done: ['?', 3], started: ['x', 9] }), sound), now);
    expect(leases).toEqual([outcomeOf({ done: [3], started: [9], took_us: [0] }), sound]);
  });

  test('one that names none of its tasks has all of them fail, so that they end', () => {
    const [outcome] = readReport(reportOf({ chunk_id: chunkId, fence: 1 }), now).leases;
    expect(outcome?.failed).toHaveLength(256);
    expect(outcome?.failed[255]).toMatchObject({ index: 255, error_type: 'worker.bad_report' });
  });

  test.each([undefined, null, 'text', 7, [], {}, { leases: 7 }])('%j is refused with a reason', (given) => {
    const { leases, refused } = readReport(given, now);
    expect(leases).toEqual([]);
    expect(refused).toMatch(/./);
  });

  test('whatever is given, what is taken keeps the contract', () => {
    const anyPart = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.oneof(fc.integer(), fc.record({ index: fc.integer({ min: -1, max: 300 }) }))),
    );
    const parts = ['base_ms', 'done', 'started', 'took_us', 'failed', 'returned', 'results', 'logs'];
    fc.assert(
      fc.property(fc.record(Object.fromEntries(parts.map((part) => [part, anyPart]))), (given) => {
        const [outcome] = readReport(reportOf(outcomeOf(given)), now).leases;
        expect(leaseOutcomeSchema.safeParse(outcome).error).toBeUndefined();
      }),
    );
  });
});
