import { describe, expect, it, test } from '@jest/globals';
import { natsActor, operations, type ActionInput } from '@kintsugi/contracts';
import { recordSample } from '../../records/domain/error-record-sample.js';
import { ErrorRecordsInMemory, type StoredRecords } from '../../records/error-records-in-memory.js';
import { analysedPromises } from '../analysed-records-conformance.js';
import { AnalysedRecordsInMemory } from '../analysed-records-in-memory.js';
import type { RunCount } from '../runs-of-jobs.js';
import { AnalyzeErrors } from './analyze-errors.js';

const now = Date.parse('2026-11-23T12:00:00.000Z');

async function analysisOf(
  request: ActionInput<'analyzeErrors'>,
  { tenant = null, runs = { runs: 200, failed_runs: 3 } }: { tenant?: string | null; runs?: RunCount | null } = {},
) {
  const stored: StoredRecords = new Map();
  const records = [
    recordSample(0, { timestamp: '2026-11-23T11:00:00.000Z' }),
    recordSample(1, { timestamp: new Date(now).toISOString(), error_type: 'net.reset' }),
    recordSample(2, { timestamp: '2026-11-01T00:00:00.000Z', tenant: 'acme' }),
    recordSample(3, { timestamp: '2026-10-01T00:00:00.000Z' }),
  ];
  await new ErrorRecordsInMemory(stored).write(records.map((next) => ({ previous: null, next })));
  const query = new AnalyzeErrors(new AnalysedRecordsInMemory(stored), { between: async () => runs }, { now: () => now });
  const origin = { actor: { ...natsActor, tenant }, requestId: 'r' };
  return query.execute(operations.analyzeErrors.request.parse(request), origin);
}

describe('the analysis of errors', () => {
  test('is of the last 30 days unless a period is given, this moment included', async () => {
    expect((await analysisOf({})).totals.tasks).toBe(3);
    const period = { start: '2026-09-01T00:00:00Z', end: '2026-11-01T00:00:00Z' };
    expect(await analysisOf({ period })).toMatchObject({ totals: { tasks: 1 }, period: { start: '2026-09-01T00:00:00.000Z' } });
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

describe('the records in memory', () => {
  it.each(analysedPromises)('%s', async (_promise, hold) => {
    const stored: StoredRecords = new Map();
    await hold({ records: new ErrorRecordsInMemory(stored), analysed: new AnalysedRecordsInMemory(stored) });
  });
});
