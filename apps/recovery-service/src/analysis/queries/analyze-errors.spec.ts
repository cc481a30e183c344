import { afterEach, describe, expect, it, jest, test } from '@jest/globals';
import { natsActor, operations, type ActionInput } from '@kintsugi/contracts';
import { recordSample } from '../../records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { ErrorRecordsInMemory, type StoredRecords } from '../../records/error-records-in-memory.js';
import { analysedPromises } from '../analysed-records-conformance.js';
import { AnalysedRecordsInMemory } from '../analysed-records-in-memory.js';
import type { RunCount } from '../runs-of-jobs.js';
import { AnalyzeErrors } from './analyze-errors.js';

const now = Date.parse('2026-11-23T12:00:00.000Z');

interface Circumstances {
  tenant?: string | null;
  runs?: RunCount | null;
  /** Of the oldest record. */
  changes?: Partial<StoredErrorRecord>;
  hasLargeHour?: boolean;
}

async function analysisOf(
  request: ActionInput<'analyzeErrors'>,
  { tenant = null, runs = { runs: 200, failed_runs: 3 }, changes = {}, hasLargeHour = false }: Circumstances = {},
) {
  const stored: StoredRecords = new Map();
  const records = [
    recordSample(0, { timestamp: '2026-11-23T11:00:00.000Z' }),
    recordSample(1, { timestamp: new Date(now).toISOString(), error_type: 'net.reset' }),
    recordSample(2, { timestamp: '2026-11-01T00:00:00.000Z', tenant: 'acme' }),
    recordSample(3, { timestamp: '2026-10-01T00:00:00.000Z', ...changes }),
  ];
  await new ErrorRecordsInMemory(stored).write(records.map((next) => ({ previous: null, next })));
  const analysed = new AnalysedRecordsInMemory(stored);
  analysed.hasLargeHour = async () => hasLargeHour;
  const query = new AnalyzeErrors(analysed, { between: async () => runs }, { now: () => now }, { ERROR_RETENTION_DAYS: 30 });
  const origin = { actor: { ...natsActor, tenant }, requestId: 'r' };
  return query.execute(operations.analyzeErrors.request.parse(request), origin);
}

describe('the analysis of errors', () => {
  test('is of the last 30 days unless a period is given, this moment included', async () => {
    expect((await analysisOf({})).totals.tasks).toBe(3);
    const period = { start: '2026-09-01T00:00:00Z', end: '2026-11-01T00:00:00Z' };
    expect(await analysisOf({ period })).toMatchObject({ totals: { tasks: 1 }, period: { start: '2026-09-01T00:00:00.000Z' } });
  });

  test('leaves out what is forgotten, though it may be there for some moments yet', async () => {
    const period = { start: '2026-09-01T00:00:00Z', end: '2026-11-30T00:00:00Z' };
    const forgotten = { closed_at: new Date(now - 30 * 86_400_000), phase: 'recovered', recovery_status: 'recovered' } as const;
    expect((await analysisOf({ period }, { changes: forgotten })).totals.tasks).toBe(3);
    const kept = { ...forgotten, closed_at: new Date(now - 30 * 86_400_000 + 1) };
    expect((await analysisOf({ period }, { changes: kept })).totals.tasks).toBe(4);
  });

  test('calls a group as its newest record does', async () => {
    const period = { start: '2026-09-01T00:00:00Z', end: '2026-11-30T00:00:00Z' };
    const { top_groups: groups } = await analysisOf({ period }, { changes: { group_title: 'of old' } });
    expect(groups).toMatchObject([{ title: 'greylisted', error_type: 'net.reset', tasks: 4 }]);
    const before = { start: '2026-09-01T00:00:00Z', end: '2026-10-30T00:00:00Z' };
    const { top_groups: old } = await analysisOf({ period: before }, { changes: { group_title: 'of old' } });
    expect(old).toMatchObject([{ title: 'of old', error_type: 'smtp.451', tasks: 1 }]);
  });

  test('calls no group by what was not asked for', async () => {
    const period = { start: '2026-09-01T00:00:00Z', end: '2026-11-30T00:00:00Z' };
    const changes = { group_title: 'of old', error_type: 'smtp.550' };
    const { top_groups: groups } = await analysisOf({ period, error_types: ['smtp.550'] }, { changes });
    expect(groups).toMatchObject([{ title: 'of old', error_type: 'smtp.550', tasks: 1 }]);
  });

  test('is in the shape of the contract', async () => {
    const analysis = await analysisOf({});
    expect(operations.analyzeErrors.response.parse(analysis)).toEqual(analysis);
  });

  test('of a tenant is of that one alone', async () => {
    expect((await analysisOf({}, { tenant: 'acme' })).totals.tasks).toBe(1);
  });

  test('gives a rate of all runs only where it is of all, and somebody knows how many there were', async () => {
    expect((await analysisOf({})).failure_rate).toMatchObject({ runs: 200, failed_runs: 3, rate: 0.015 });
    expect((await analysisOf({}, { runs: null })).failure_rate).toBeNull();
    expect(await analysisOf({ error_types: ['net.*'] })).toMatchObject({ failure_rate: null, totals: { tasks: 1 } });
  });
});

describe('an analysis that takes too long', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Each look at the clock finds it so much later. */
  const each = (ms: number): void => {
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (now += ms));
  };

  test('ends before whoever asked has gone, with what can be repeated once hours are laid down', async () => {
    each(55_001);
    await expect(analysisOf({})).rejects.toMatchObject({
      code: 'ANALYSIS_NOT_READY',
      message: expect.stringMatching(/^4 records were summed up within 55 s, and there are more\./),
    });
  });

  test('tells what to narrow where an hour is too large to be laid down: repeating it would not help', async () => {
    each(55_001);
    await expect(analysisOf({}, { hasLargeHour: true })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.period', rule: 'TOO_MANY', got: 'more than 4 records' }] },
    });
  });

  test('has all the time until then', async () => {
    each(55_000);
    expect((await analysisOf({}, { hasLargeHour: true })).totals.tasks).toBe(3);
  });
});

describe('the records in memory', () => {
  it.each(analysedPromises)('%s', async (_promise, hold) => {
    const stored: StoredRecords = new Map();
    await hold({ records: new ErrorRecordsInMemory(stored), analysed: new AnalysedRecordsInMemory(stored) });
  });
});
