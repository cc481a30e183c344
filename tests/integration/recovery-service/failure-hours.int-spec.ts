// What analyses read of hours that are laid down is what their records say, whatever happens to those.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { recoveryStatuses } from '@kintsugi/contracts';
import { ensureIndexes, Store } from '@kintsugi/persistence';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { FailureAnalyst } from '../../../apps/recovery-service/src/analysis/domain/failure-analyst.js';
import type { FailureColumns } from '../../../apps/recovery-service/src/analysis/domain/failure-columns.js';
import { AnalysedRecordStore } from '../../../apps/recovery-service/src/analysis/mongo/analysed-record-store.js';
import { LaidHourStore } from '../../../apps/recovery-service/src/analysis/mongo/laid-hour-store.js';
import { plainAnalysis } from '../../../apps/recovery-service/src/analysis/plain-analysis.js';
import { recordSample } from '../../../apps/recovery-service/src/records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../../../apps/recovery-service/src/records/domain/error-record.js';
import { hourMs, hourOf } from '../../../apps/recovery-service/src/records/domain/failure-hours.js';
import {
  changeInPages,
  changingHours,
  failureHourIndexes,
  failureHoursOf,
} from '../../../apps/recovery-service/src/records/mongo/changed-hours.js';
import { errorRecordIndexes, errorRecordsOf } from '../../../apps/recovery-service/src/records/mongo/error-record-collection.js';
import { ErrorRecordStore } from '../../../apps/recovery-service/src/records/mongo/error-record-store.js';
import { changesOf, drawing, jobOf, layingDown } from './failure-changes.js';

const hours = 12;
const keptDays = 30;
const signal = new AbortController().signal;
const ever = { start: new Date(0), end: new Date('2100-01-01') };

let servers: TestServers;
let store: Store;
let records: ErrorRecordStore;
/** The last hour that may be laid down, and the moment in which all is asked. */
let now: number;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'hours', applicationName: 'test' }, () => undefined);
  await ensureIndexes(store, [...errorRecordIndexes, ...failureHourIndexes]);
  records = new ErrorRecordStore(store);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

beforeEach(async () => {
  for (const collection of await store.db.collections()) await collection.deleteMany({});
  now = Date.now();
});

/** A replica that has just started. */
function replica(days = keptDays, quietMs = 0) {
  const laid = new LaidHourStore(store, days, quietMs);
  const analysed = new AnalysedRecordStore(store, laid, 0);
  return { laid, analysed, layDown: layingDown(store, { laid, analysed, now: () => now, days }) };
}

/** A moment of an hour of the past; hours are counted back from this one. */
const ago = (hour: number, minute = 7): string => new Date(hourOf(now) - hour * hourMs + minute * 60_000).toISOString();

const begin = (...some: StoredErrorRecord[]) => records.write(some.map((next) => ({ previous: null, next })));
const layDown = () => replica().layDown.execute(signal);
const all = () => errorRecordsOf(store).find().toArray();
const laidHours = async (): Promise<number[]> =>
  (
    await failureHoursOf(store)
      .find({ block: { $exists: true } })
      .sort({ _id: 1 })
      .toArray()
  ).map(({ _id }) => _id);

async function listOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function* parts<Part>(read: readonly Part[]): AsyncGenerator<Part, void, undefined> {
  yield* read;
}

async function answer(part: Parameters<AnalysedRecordStore['read']>[0] = ever) {
  const analyst = new FailureAnalyst(part, now);
  for await (const columns of replica().analysed.read(part)) analyst.add(columns);
  return analyst.result();
}

async function expectExact(part = ever): Promise<void> {
  expect(await answer(part)).toEqual(plainAnalysis(await all(), part, now));
}

describe('an analysis over hours that are laid down', () => {
  test('is exact after changes of every kind, laid down by either of two replicas, and anew after each start', async () => {
    for (const seed of [1, 2, 3]) {
      const draw = drawing(seed);
      const changes = changesOf({ store, records, ago, hours }, draw, { count: seed * 1_000 });
      await changes[0]?.();
      for (let step = 0; step < 60; step += 1) {
        await Promise.all([...(draw(2) === 0 ? [layDown(), layDown()] : []), changes[draw(changes.length)]?.()]);
        await expectExact();
        const part = { start: new Date(ago(draw(hours), 30)), end: new Date(ago(0, 59)), error_types: ['smtp.*'] };
        await expectExact({ ...part, ...(draw(2) === 0 ? { tenant: 'acme' } : {}) });
      }
      await layDown();
      expect((await laidHours()).length).toBeGreaterThan(hours / 2);
      expect((await all()).map(({ recovery_status: status }) => status)).toEqual(
        expect.arrayContaining([...recoveryStatuses].slice(1)),
      );
    }
  });

  test('reads hours of the past from what is laid down, and recent ones from their records', async () => {
    await begin(...[0, 1, 5, 9].map((hour) => recordSample(hour, { timestamp: ago(hour) })));
    await layDown();
    now += 5 * hourMs; // Its clock is fast: the database tells which hours are over.
    await layDown();
    now -= 5 * hourMs;
    expect(await laidHours()).toEqual([9, 5].map((hour) => hourOf(now) - hour * hourMs));
    // Without an announcement: nobody but a test changes records so.
    await errorRecordsOf(store).updateMany({}, { $set: { error_type: 'unheard.of' } });
    expect((await answer()).by_error_type.map(({ error_type, tasks }) => [error_type, tasks])).toEqual([
      ['smtp.451', 2],
      ['unheard.of', 2],
    ]);
  });

  test('does not take what was read before a change, by whatever replica and however late it is written', async () => {
    await begin(recordSample(1, { timestamp: ago(5) }));
    const { laid, analysed } = replica();
    const hour = hourOf(Date.parse(ago(5)));
    const changed = await laid.begin(hour);
    const read = await listOf(analysed.ofHour(hour, new Date(0)));
    await begin(recordSample(2, { timestamp: ago(5) }));
    expect(read).toHaveLength(1);
    await laid.lay(hour, changed ?? '', parts(read));
    expect(await laidHours()).toEqual([]);
    // It is laid down between an announcement and its change: the second announcement has that seen.
    await changingHours(failureHoursOf(store), [ago(5)], async () => {
      await layDown();
      expect(await laidHours()).toEqual([hour]);
      await errorRecordsOf(store).insertOne(recordSample(3, { timestamp: ago(5) }));
    });
    expect(await laidHours()).toEqual([]);
    await layDown();
    await expectExact();
    expect(await answer()).toMatchObject({ totals: { tasks: 3 } });
  });

  test('waits for a change whose end was never announced', async () => {
    await begin(recordSample(1, { timestamp: ago(5) }));
    await layDown();
    const cut = changingHours(failureHoursOf(store), [ago(5)], () => Promise.reject(new Error('The process has died.')));
    await expect(cut).rejects.toThrow('died');
    await replica(keptDays, 60_000).layDown.execute(signal);
    expect(await laidHours()).toEqual([]);
    await errorRecordsOf(store).updateMany({}, { $set: { error_type: 'written.late' } });
    await expectExact();
  });

  test('lays nothing down beside a change that failed halfway', async () => {
    await begin(recordSample(1, { timestamp: ago(5) }), recordSample(2, { timestamp: ago(5) }));
    await layDown();
    const failed = changingHours(failureHoursOf(store), [ago(5)], async () => {
      await layDown();
      await errorRecordsOf(store).updateOne({}, { $set: { error_type: 'half.changed' } });
      throw new Error('The database has ended it.');
    });
    await expect(failed).rejects.toThrow('ended');
    await expectExact();
  });

  test('takes a change for made whose end cannot be announced', async () => {
    await begin(recordSample(1, { timestamp: ago(5) }));
    await layDown();
    const hours = failureHoursOf(store);
    const once = Object.create(hours) as typeof hours;
    let announcements = 0;
    once.bulkWrite = async (...given) => {
      announcements += 1;
      if (announcements > 1) throw new Error('The connection is cut.');
      return hours.bulkWrite(...given);
    };
    const made = await changingHours(once, [ago(5)], async () => {
      await errorRecordsOf(store).updateMany({}, { $set: { error_type: 'written.late' } });
      return 'made';
    });
    expect([made, announcements]).toEqual(['made', 2]);
    await replica(keptDays, 60_000).layDown.execute(signal);
    expect(await laidHours()).toEqual([]);
    await expectExact();
  });

  test('is of a change of very many records, which is announced anew with each page of them', async () => {
    const [hour, given] = [hourOf(Date.parse(ago(5))), { records: errorRecordsOf(store), hours: failureHoursOf(store) }];
    await begin(...[1, 2, 3, 4, 5].map((n) => recordSample(n, { timestamp: ago(5, n) })));
    const announced: unknown[] = [];
    const watched = Object.create(given.hours) as typeof given.hours;
    watched.bulkWrite = async (...operations) => {
      const result = await given.hours.bulkWrite(...operations);
      const { changed } = (await given.hours.findOne({ _id: hour })) ?? {};
      announced.push([changed, await given.records.countDocuments({ error_type: 'changed.all' })]);
      return result;
    };
    const update = { $set: { error_type: 'changed.all' }, $inc: { version: 1 } };
    const filter = { error_type: { $ne: 'changed.all' } };
    expect(await changeInPages({ ...given, hours: watched }, filter, update, 2)).toBe(5);
    const counts = announced.map((each) => (each as [string, number])[1]);
    expect(counts).toEqual([0, 2, 2, 4, 4, 5]);
    expect(new Set(announced.map((each) => (each as [string, number])[0])).size).toBe(6);
    expect((await all()).map(({ version }) => version)).toEqual(Array(5).fill(2));
  });

  test('keeps nothing of a deleted record, not even until the hour is laid down again', async () => {
    await begin(recordSample(1, { timestamp: ago(5), job_id: jobOf(1) }), recordSample(2, { timestamp: ago(6) }));
    await layDown();
    expect(await laidHours()).toHaveLength(2);
    await records.removeSome([jobOf(1)], 10);
    expect(await laidHours()).toEqual([hourOf(Date.parse(ago(6)))]);
    await expectExact();
    await layDown();
    // Of an hour without records nothing is known at all.
    expect(await failureHoursOf(store).countDocuments({ _id: { $gte: 0 } })).toBe(1);
    await expectExact();
  });

  test('lays down anew what holds records that were forgotten for long, and all of it where they are kept for another time', async () => {
    const closed = { phase: 'recovered', recovery_status: 'recovered' } as const;
    const [old, older] = [29, 33].map((days) => new Date(now - days * 86_400_000));
    await begin(recordSample(1, { timestamp: ago(5), ...closed, ...(old ? { closed_at: old } : {}) }));
    await begin(recordSample(2, { timestamp: ago(6), ...closed, ...(older ? { closed_at: older } : {}) }));
    await replica(40).layDown.execute(signal);
    expect(await laidHours()).toHaveLength(2);
    await replica(40).laid.prepare();
    expect(await laidHours()).toHaveLength(2);
    await replica(30).laid.prepare();
    expect(await laidHours()).toHaveLength(0);
    await replica(30).layDown.execute(signal);
    expect(await laidHours()).toEqual([hourOf(Date.parse(ago(5)))]);
    now += 3 * 86_400_000;
    await layDown();
    expect(await laidHours()).toEqual([]);
  });

  test('looks at no record while nothing has changed', async () => {
    await begin(...[3, 5, 9].map((hour) => recordSample(hour, { timestamp: ago(hour) })));
    await layDown();
    await store.db.command({ profile: 2 });
    await layDown();
    await store.db.command({ profile: 0 });
    const profile = store.collection<{ ns: string }>('system.profile');
    const looks = await profile.find({ ns: 'hours.error_records' }).toArray();
    await profile.drop();
    expect(looks).toEqual([]);
  });

  test('lays down an hour of very many records in parts, of so many numbers each', async () => {
    const run = { attempt: 1, failed_at: ago(5), error_type: 'smtp.451', retry_delay_ms: 1_000 };
    const failed_runs = Array.from({ length: 9 }, (_, at) => ({ ...run, attempt: at + 1 }));
    const closed = { phase: 'recovered', recovery_status: 'recovered' } as const;
    await begin(
      ...[1, 2, 3].map((n) => recordSample(n, { timestamp: ago(5, n), failed_runs, group_id: `grp_${n}` })),
      ...[4, 5, 6, 7].map((n) => recordSample(n, { timestamp: ago(5, n), failed_runs: [run], job_id: jobOf(n) })),
      recordSample(8, { timestamp: ago(5, 8), ...closed, closed_at: new Date(now) }),
    );
    const laid = new LaidHourStore(store, keptDays, 0);
    const analysed = new AnalysedRecordStore(store, laid, 0, 50);
    await layingDown(store, { laid, analysed, now: () => now, days: keptDays }).execute(signal);
    const [known] = await listOf(laid.between(0, now));
    const sizes = (await listOf(known?.parts ?? parts<FailureColumns>([]))).map(({ at }) => at.length);
    expect(sizes.toSorted((one, other) => one - other)).toEqual([2, 2, 4]);
    expect(await failureHoursOf(store).countDocuments({ first_closed_at: now })).toBe(1);
    await expectExact();
    await records.removeSome([jobOf(4)], 1);
    expect(await laidHours()).toEqual([]);
    await expectExact();
  });

  test('reads record by record an hour that has more than are laid down, and looks at it again a day later', async () => {
    await begin(...[1, 2, 3].map((n) => recordSample(n, { timestamp: ago(5, n) })));
    const hour = hourOf(Date.parse(ago(5)));
    const small = new LaidHourStore(store, keptDays, 0, 10);
    await small.lay(hour, (await small.begin(hour)) ?? '', replica().analysed.ofHour(hour, new Date(0)));
    expect([await small.hasLargeHour(hour, hour + 1), await small.hasLargeHour(hour + 1, now)]).toEqual([true, false]);
    const { laid } = replica();
    expect([await laid.stale(Infinity, 0), await laid.begin(hour)]).toEqual([[], null]);
    await layDown();
    await expectExact();
    await begin(recordSample(4, { timestamp: ago(5, 4) }));
    expect([await laid.stale(Infinity, 0), await laid.begin(hour)]).toEqual([[], null]);
    await expectExact();
    await failureHoursOf(store).updateOne({ _id: hour }, { $set: { large_since: new Date(now - 25 * hourMs) } });
    expect(await laid.stale(Infinity, 0)).toEqual([hour]);
    await layDown();
    expect(await laidHours()).toEqual([hour]);
    expect(await laid.hasLargeHour(0, now)).toBe(false);
    await expectExact();
  });
});
