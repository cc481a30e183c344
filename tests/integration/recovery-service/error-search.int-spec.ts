// A search by sieves finds what looking at each record finds, whatever happens to the records.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureIndexes, Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { AnalysedRecordStore } from '../../../apps/recovery-service/src/analysis/mongo/analysed-record-store.js';
import { LaidHourStore } from '../../../apps/recovery-service/src/analysis/mongo/laid-hour-store.js';
import { recordSample } from '../../../apps/recovery-service/src/records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../../../apps/recovery-service/src/records/domain/error-record.js';
import { hourMs, hourOf } from '../../../apps/recovery-service/src/records/domain/failure-hours.js';
import { recordsPerPart, rowsAskedFor } from '../../../apps/recovery-service/src/records/domain/record-sieve.js';
import type { ErrorRecordFilter, ErrorRecordPlace } from '../../../apps/recovery-service/src/records/error-record-search.js';
import { failureHourIndexes, failureHoursOf } from '../../../apps/recovery-service/src/records/mongo/changed-hours.js';
import { errorRecordIndexes, errorRecordsOf } from '../../../apps/recovery-service/src/records/mongo/error-record-collection.js';
import { ErrorRecordQueries } from '../../../apps/recovery-service/src/records/mongo/error-record-queries.js';
import { ErrorRecordStore } from '../../../apps/recovery-service/src/records/mongo/error-record-store.js';
import { HourSieveStore } from '../../../apps/recovery-service/src/records/mongo/hour-sieve-store.js';
import { siftThrough } from '../../../apps/recovery-service/src/records/mongo/sift-through.js';
import { stepByStep } from '../../../apps/recovery-service/src/records/mongo/step-by-step.js';
import { changesOf, drawing, jobOf, layingDown } from './failure-changes.js';

const signal = new AbortController().signal;
const words = ['Mailbox', 'relay', 'ＣＲＬＦ', 'Straße', 'クォータ', 'part-00ab', 'Kelvin \u212a5', 'a.js:10', 'τέλος'];

let servers: TestServers;
let store: Store;
let records: ErrorRecordStore;
let search: ErrorRecordQueries;
let now: number;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'search', applicationName: 'test' }, () => undefined);
  await ensureIndexes(store, [...errorRecordIndexes, ...failureHourIndexes]);
  await new HourSieveStore(store).prepare();
  await new HourSieveStore(store).prepare();
  records = new ErrorRecordStore(store);
  search = new ErrorRecordQueries(store);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

beforeEach(async () => {
  for (const collection of await store.db.collections()) await collection.deleteMany({});
  now = Date.now();
});

const ago = (hour: number, minute = 7): string => new Date(hourOf(now) - hour * hourMs + minute * 60_000).toISOString();

async function layDown(sievedMin = 2): Promise<void> {
  const laid = new LaidHourStore(store, 30, 0);
  const analysed = new AnalysedRecordStore(store, laid, 0);
  await layingDown(store, { laid, analysed, now: () => now, days: 30, sievedMin }).execute(signal);
}

const sieved = () => failureHoursOf(store).countDocuments({ sieve_ids: { $exists: true } });

async function lookedFor(filter: ErrorRecordFilter, limit: number): Promise<string[]> {
  const found: StoredErrorRecord[] = [];
  for (let from: ErrorRecordPlace | null = null; ;) {
    const { found: some, reached }: Awaited<ReturnType<typeof search.look>> = await search.look(filter, from, limit);
    found.push(...some);
    const last = some.at(-1);
    if (!reached && some.length < limit) return found.map(({ _id }) => _id);
    from = reached ?? (last ? { timestamp: last.timestamp, id: last._id } : null);
  }
}

async function expectWhole(filter: ErrorRecordFilter, limit: number): Promise<void> {
  const wanted = (await search.newestFirst(filter, null, 100_000)).map(({ _id }) => _id);
  expect([filter, await lookedFor(filter, limit)]).toEqual([filter, wanted]);
}

function sampleAt(n: number, draw: (bound: number) => number, changes: Partial<StoredErrorRecord>): StoredErrorRecord {
  const message = `${words[draw(words.length)]} of ${draw(50)}`;
  const text = draw(2) === 0 ? message.toUpperCase() : message;
  return recordSample(n, {
    ...{ error_message: text, job_type: `type-${draw(3)}`, labels: { 'team.name': `t${draw(4)}` } },
    ...(draw(3) === 0 ? { stack_trace: `at ${words[draw(words.length)]}` } : {}),
    ...changes,
  });
}

describe('a search by sieves', () => {
  test('finds each that matches once, newest first, after changes of every kind and between them', async () => {
    for (const seed of [1, 2]) {
      const draw = drawing(seed);
      const made = { count: seed * 10_000 };
      const first = Array.from({ length: 900 }, (_, n) => {
        const at = { timestamp: ago(draw(12), draw(60)), error_type: `smtp.${draw(3)}`, job_id: jobOf(draw(9)) };
        return sampleAt(made.count + n, draw, { ...at, ...(draw(3) === 0 ? { tenant: 'acme' } : {}) });
      });
      await errorRecordsOf(store).insertMany(first);
      made.count += 1_000;
      const changes = changesOf({ store, records, ago, hours: 12 }, draw, made);
      await layDown();
      expect(await sieved()).toBeGreaterThan(6);
      for (let step = 0; step < 20; step += 1) {
        await Promise.all([...(draw(3) === 0 ? [layDown()] : []), changes[draw(changes.length)]?.()]);
        const word = words[draw(words.length)] ?? '';
        const text = [word, word.toLowerCase(), word.toUpperCase(), word.slice(1), `${word} of ${draw(50)}`, 'greylisted'][
          draw(6)
        ];
        const filters: ErrorRecordFilter[] = [
          { text },
          { text, error_type: 'smtp.*', to: ago(draw(3), 30) },
          { label: { key: 'team.name', value: `t${draw(5)}` }, from: ago(9, draw(60)) },
          { job_type: 'type-1', text, recovery_status: 'in_progress' },
          { text, error_type: 'smtp.1' },
        ];
        for (const filter of filters) await expectWhole(filter, 1 + draw(60));
      }
      await errorRecordsOf(store).deleteMany({});
      await failureHoursOf(store).deleteMany({});
    }
  });

  test('reads only records that may match', async () => {
    const draw = drawing(7);
    const given = Array.from({ length: recordsPerPart + 2_000 }, (_, n) =>
      sampleAt(n, draw, { timestamp: ago(n < recordsPerPart + 1_000 ? 9 : 4, n % 60) }),
    );
    const needle = recordSample(99_999, { error_message: 'The Needle', timestamp: ago(9, 30) });
    await errorRecordsOf(store).insertMany([...given, needle]);
    await layDown();
    expect(await sieved()).toBe(2);
    await store.db.command({ profile: 2 });
    expect(await lookedFor({ text: 'the needle' }, 9)).toEqual([needle._id]);
    await store.db.command({ profile: 0 });
    const profile = store.collection<{ docsExamined: number }>('system.profile');
    const looks = await profile.find({ op: 'query', ns: 'search.error_records' }).toArray();
    await profile.drop();
    // The newest are looked at, as what is common is found there.
    expect(looks.reduce((sum, { docsExamined }) => sum + docsExamined, 0)).toBeLessThan(1_000);
  });

  test('has no sieve of an hour with few records, and none of one whose records have gone', async () => {
    await errorRecordsOf(store).insertMany(
      [5, 6].flatMap((hour) => [1, 2, 3].map((n) => recordSample(hour * 9 + n, { timestamp: ago(hour), job_id: jobOf(hour) }))),
    );
    await layDown(4);
    expect(await sieved()).toBe(0);
    await failureHoursOf(store).deleteMany({});
    await layDown();
    expect(await sieved()).toBe(2);
    await records.removeSome([jobOf(5)], 9);
    expect(await sieved()).toBe(1);
    await layDown();
    expect([await sieved(), await store.collection('failure_sieves').countDocuments({})]).toEqual([1, 512]);
    await expectWhole({ text: 'greylisted' }, 9);
  });

  test('gets on with each answer, however long its steps take', async () => {
    const hours = Array.from({ length: 30 }, (_, n) => n + 3);
    await errorRecordsOf(store).insertMany(
      hours.flatMap((hour) => [1, 2, 3].map((n) => recordSample(hour * 9 + n, { timestamp: ago(hour, n) }))),
    );
    await layDown();
    const filter: ErrorRecordFilter = { text: 'no such words' };
    const sifting = { records: errorRecordsOf(store), sieves: new HourSieveStore(store, 2), filter, rows: rowsAskedFor(filter) };
    let from: ErrorRecordPlace | null = { timestamp: ago(2), id: '' };
    for (let answers = 0; from !== null; answers += 1) {
      const looking = { ...stepByStep(sifting.records, filter), spentMs: () => Infinity };
      const { reached }: Awaited<ReturnType<typeof siftThrough>> = await siftThrough({ ...sifting, looking }, from, 9);
      expect(answers).toBeLessThan(hours.length);
      if (reached) expect(reached.timestamp < from.timestamp).toBe(true);
      from = reached;
    }
  });

  test('leaves no bits behind of what was not laid down to its end, nor of what is gone for good', async () => {
    const rows = store.collection('failure_sieves');
    const few = [1, 2, 3].map((n) => recordSample(n, { timestamp: ago(5) }));
    await errorRecordsOf(store).insertMany(few);
    await layDown();
    await failureHoursOf(store).updateMany(
      { sieve: { $exists: true } },
      { $set: { stale_since: new Date(0) }, $unset: { sieve: '', sieve_ids: '' } },
    );
    await layDown();
    expect([await sieved(), await rows.countDocuments({})]).toEqual([1, 512]);
    await errorRecordsOf(store).updateMany({}, { $set: { closed_at: new Date(now - 40 * 24 * hourMs) } });
    await failureHoursOf(store).updateMany({ sieve: { $exists: true } }, { $set: { stale_since: new Date(0) } });
    await layDown();
    expect([await sieved(), await rows.countDocuments({})]).toEqual([0, 0]);
    await expectWhole({ text: 'greylisted' }, 9);
  });
});
