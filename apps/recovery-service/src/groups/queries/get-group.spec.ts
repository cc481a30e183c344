import { describe, expect, test } from '@jest/globals';
import { natsActor } from '@kintsugi/contracts';
import { recordSample } from '../../records/domain/error-record-sample.js';
import { ErrorRecordSearchInMemory } from '../../records/error-record-search-in-memory.js';
import { ErrorRecordsInMemory, type StoredRecords } from '../../records/error-records-in-memory.js';
import type { GroupReader } from '../group-reader.js';
import { GetGroup, summedMax } from './get-group.js';

async function recordsOf(count: number) {
  const stored: StoredRecords = new Map();
  const at = (index: number): string => new Date(Date.parse('2026-11-23T06:00:00.000Z') + index).toISOString();
  const records = Array.from({ length: count }, (_, index) =>
    recordSample(index, { timestamp: at(index), phase: index === 0 ? 'discarded' : 'recovered' }),
  );
  await new ErrorRecordsInMemory(stored).write(records.map((next) => ({ previous: null, next })));
  const group = { _id: recordSample(0).group_id };
  const reader = { find: async () => group, view: async () => ({}) } as unknown as GroupReader;
  const query = new GetGroup(reader, new ErrorRecordSearchInMemory(stored));
  return (await query.execute({ group_id: group._id }, { actor: natsActor, requestId: 'r' })).records;
}

describe('a group', () => {
  test('without records has none', async () => {
    expect(await recordsOf(0)).toMatchObject({ count: 0, jobs: 0, of_newest: null });
  });

  test('of records that are not very many is told of whole', async () => {
    expect(await recordsOf(summedMax)).toMatchObject({ count: summedMax, waiting: 1, of_newest: null });
  });

  test('of very many records is told of by its newest, and says so', async () => {
    const records = await recordsOf(summedMax + 1);
    expect(records).toMatchObject({ count: summedMax + 1, waiting: 0, of_newest: summedMax });
    expect(records.by_status).toEqual({ pending: 0, in_progress: 0, recovered: summedMax, failed: 0 });
  });
});
