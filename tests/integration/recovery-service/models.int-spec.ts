import { MongoClient } from 'mongodb';
import mongoose, { type Connection, type Model } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Actor } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { modelsOf } from '@kintsugi/persistence/models';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { ManualRecoveryStore } from '../../../apps/recovery-service/src/records/mongo/manual-recovery-store.js';
import {
  manualRecoveryModel,
  manualRecoverySchema,
  type StoredManualRecovery,
} from '../../../apps/recovery-service/src/records/mongo/manual-recovery.schema.js';
import { RetryConfigStore } from '../../../apps/recovery-service/src/policies/mongo/retry-config-store.js';
import {
  retryConfigModel,
  retryConfigSchema,
  type StoredRetryConfig,
} from '../../../apps/recovery-service/src/policies/mongo/retry-config.schema.js';

let servers: TestServers;
let store: Store;
let connection: Connection;
let configs: Model<StoredRetryConfig>;
let recoveries: Model<StoredManualRecovery>;

beforeAll(async () => {
  servers = await startTestServers();
  store = await Store.connect({ url: servers.mongoUrl, database: 'models', applicationName: 'test' }, () => undefined);
  connection = modelsOf(store);
  configs = connection.model<StoredRetryConfig>(retryConfigModel, retryConfigSchema);
  recoveries = connection.model<StoredManualRecovery>(manualRecoveryModel, manualRecoverySchema);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

beforeEach(() => store.db.dropDatabase());

const change = { changed_by: 'ada', changed_at: '2026-11-23T06:00:00.000Z' };
const config = { error_type: 'a', max_attempts: 4, initial_delay: 5, max_delay: 60, backoff_factor: 2, retry_conditions: [] };

describe('the connection of models', () => {
  test('is that of the store: one client, and one driver for both', () => {
    expect(connection.getClient()).toBe(store.client);
    expect(connection.name).toBe('models');
    expect(mongoose.mongo.MongoClient).toBe(MongoClient);
  });

  test('refuses a filter by what is no field, and makes nothing by itself', async () => {
    await expect(configs.find({ eror_type: 'a' } as object)).rejects.toThrow('strictQuery');
    expect(await store.db.listCollections().toArray()).toEqual([]);
  });
});

describe('a retry config', () => {
  test('rises in version and remembers when it was made and changed', async () => {
    await new RetryConfigStore(configs).change('a', config, change);
    const first = await configs.findById('a');
    await new RetryConfigStore(configs).change('a', { ...config, max_attempts: 5 }, change);
    const second = await configs.findById('a');
    expect(second).toMatchObject({ version: first!.version + 1, created_at: first!.created_at });
    expect(second!.updated_at.getTime()).toBeGreaterThanOrEqual(first!.updated_at.getTime());
  });

  test('that was changed since it was read is not written over', async () => {
    await configs.create({ _id: 'a', ...config });
    const [one, other] = [await configs.findById('a'), await configs.findById('a')];
    await one!.set({ max_attempts: 5 }).save();
    await expect(other!.set({ initial_delay: 6 }).save()).rejects.toThrow(mongoose.Error.VersionError);
    expect(await configs.findById('a')).toMatchObject({ max_attempts: 5, initial_delay: 5 });
  });

  test('keeps its error type', async () => {
    const made = await configs.create({ _id: 'a', ...config });
    await expect(made.set({ error_type: 'b' }).save()).rejects.toThrow('immutable');
  });

  test.each<[string, object, string]>([
    ['more runs than the contract allows', { max_attempts: 101 }, 'max_attempts'],
    ['a longest wait below the first', { max_delay: 1 }, 'max_delay'],
    [
      'an unknown operator',
      { retry_conditions: [{ field: 'attempt', operator: 'like', value: 1 }] },
      'retry_conditions.0.operator',
    ],
    ['a star in the middle', { _id: 'a*b', error_type: 'a*b' }, 'error_type'],
    ['another id', { _id: 'b' }, 'error_type'],
  ])('with %s is not stored', async (_name, change, path) => {
    await expect(configs.create({ _id: 'a', ...config, ...change })).rejects.toMatchObject({
      name: 'ValidationError',
      errors: { [path]: expect.anything() },
    });
    expect(await configs.countDocuments()).toBe(0);
  });

  test('from before a bound was set can be taken back, and replaced', async () => {
    const kept = new RetryConfigStore(configs);
    await kept.change('a', config, change);
    const unfit = { $set: { retry_conditions: [{ field: 'error_type', operator: 'in', value: 'a' }] } };
    await configs.collection.updateOne({ _id: 'a' as never }, unfit);
    await kept.change('a', null, change);
    expect(await kept.all()).toEqual([]);
    await configs.collection.updateOne({ _id: 'a' as never }, unfit);
    await kept.change('a', { ...config, max_attempts: 5 }, change);
    expect(await kept.all()).toEqual([{ ...config, max_attempts: 5 }]);
  });

  test('with an unknown field is not stored', async () => {
    await expect(configs.create({ _id: 'a', ...config, extra: 1 } as never)).rejects.toThrow('strict mode');
  });
});

describe('a manual recovery', () => {
  const actor: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };
  const asked = {
    ...{ error_record_id: 'err_1', group_id: null, job_id: null, force: false, ignore_conditions: true },
    requested_by: actor,
  };

  test('stays as it was asked, and is needed again whenever its params are read', async () => {
    const kept = new ManualRecoveryStore(recoveries);
    await kept.add({ id: 'rcv_1', ...asked, params: { 'odd.key': { $set: [1] } } });
    const before = await recoveries.findById('rcv_1');
    const asKept = { ...before!.toObject(), needed_at: null };
    expect(before!.requested_at).toBeInstanceOf(Date);
    await expect(before!.set({ force: true }).save()).rejects.toThrow('immutable');
    await recoveries.updateOne({ _id: 'rcv_1' }, { $set: { params: null } });
    const order = { params: { 'odd.key': { $set: [1] } }, fromStep: null, requestedBy: actor };
    expect(await kept.ordersOf(['rcv_1', 'rcv_2'])).toEqual(new Map([['rcv_1', order]]));
    await expect(before!.set({ requested_by: { ...actor, name: 'other' } }).save()).rejects.toThrow('immutable');
    const after = await recoveries.findById('rcv_1');
    expect(after!.needed_at.getTime()).toBeGreaterThanOrEqual(before!.needed_at.getTime());
    expect({ ...after!.toObject(), needed_at: null }).toEqual(asKept);
  });

  test('is needed again when it is renewed', async () => {
    const kept = new ManualRecoveryStore(recoveries);
    await kept.add({ id: 'rcv_1', ...asked, params: {} });
    await recoveries.updateOne({ _id: 'rcv_1' }, { $set: { needed_at: new Date(0) } });
    expect(await kept.renew('rcv_1')).toBe(true);
    expect((await recoveries.findById('rcv_1'))!.needed_at.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await kept.renew('rcv_2')).toBe(false);
  });

  test('that waits is needed when its waiting ends, however long others are kept', async () => {
    const until = Date.now() + 30 * 86_400_000;
    await new ManualRecoveryStore(recoveries).add({ id: 'rcv_3', ...asked, params: {}, waits_until: until });
    expect(await recoveries.findById('rcv_3')).toMatchObject({ needed_at: new Date(until) });
  });

  test('of both a record and a group is not stored', async () => {
    const both = { ...asked, group_id: 'grp_1' };
    const stored = new ManualRecoveryStore(recoveries).add({ id: 'rcv_1', ...both, params: undefined });
    await expect(stored).rejects.toThrow('not both error_record_id and group_id');
  });
});
