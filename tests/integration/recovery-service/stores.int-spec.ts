// The stores of recovery-service in MongoDB keep to what those in memory do, on which the specs of its use cases rest.
import type { Model } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureIndexes, Store } from '@kintsugi/persistence';
import { modelsOf } from '@kintsugi/persistence/models';
import { startTestServers, type TestServers } from '@kintsugi/testing';
import { analysedPromises } from '../../../apps/recovery-service/src/analysis/analysed-records-conformance.js';
import { AnalysedRecordStore } from '../../../apps/recovery-service/src/analysis/mongo/analysed-record-store.js';
import { LaidHourStore } from '../../../apps/recovery-service/src/analysis/mongo/laid-hour-store.js';
import { failureGroupPromises } from '../../../apps/recovery-service/src/groups/failure-groups-conformance.js';
import { learntTemplatePromises } from '../../../apps/recovery-service/src/groups/learnt-templates-conformance.js';
import { FailureGroupStore, failureGroupIndexes } from '../../../apps/recovery-service/src/groups/mongo/failure-group-store.js';
import {
  LearntTemplateStore,
  learntTemplateIndexes,
} from '../../../apps/recovery-service/src/groups/mongo/learnt-template-store.js';
import { RetryConfigStore } from '../../../apps/recovery-service/src/policies/mongo/retry-config-store.js';
import {
  retryConfigModel,
  retryConfigSchema,
  type StoredRetryConfig,
} from '../../../apps/recovery-service/src/policies/mongo/retry-config.schema.js';
import { knownHostPromises } from '../../../apps/recovery-service/src/pool-hosts/known-hosts-conformance.js';
import { KnownHostStore } from '../../../apps/recovery-service/src/pool-hosts/mongo/known-host-store.js';
import {
  poolHostModel,
  poolHostSchema,
  type StoredPoolHost,
} from '../../../apps/recovery-service/src/pool-hosts/mongo/pool-host.schema.js';
import { PoolPlaceStore } from '../../../apps/recovery-service/src/pool-hosts/mongo/pool-place-store.js';
import {
  poolPlaceModel,
  poolPlaceSchema,
  type StoredPoolPlace,
} from '../../../apps/recovery-service/src/pool-hosts/mongo/pool-place.schema.js';
import { poolPlacePromises } from '../../../apps/recovery-service/src/pool-hosts/pool-places-conformance.js';
import { retryConfigPromises } from '../../../apps/recovery-service/src/policies/retry-configs-conformance.js';
import { cancelledJobPromises } from '../../../apps/recovery-service/src/records/cancelled-jobs-conformance.js';
import { searchPromises } from '../../../apps/recovery-service/src/records/error-record-search-conformance.js';
import { errorRecordPromises } from '../../../apps/recovery-service/src/records/error-records-conformance.js';
import { manualRecoveryPromises } from '../../../apps/recovery-service/src/records/manual-recoveries-conformance.js';
import { groupRecoveryPromises } from '../../../apps/recovery-service/src/group-recoveries/group-recoveries-conformance.js';
import {
  GroupRecoveryStore,
  groupRecoveryIndexes,
} from '../../../apps/recovery-service/src/group-recoveries/mongo/group-recovery-store.js';
import { RecoveryItemStore, recoveryItemIndexes } from '../../../apps/recovery-service/src/records/mongo/recovery-item-store.js';
import { recoveryItemPromises } from '../../../apps/recovery-service/src/records/recovery-items-conformance.js';
import { CancelledJobStore } from '../../../apps/recovery-service/src/records/mongo/cancelled-job-store.js';
import { recordSample } from '../../../apps/recovery-service/src/records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../../../apps/recovery-service/src/records/domain/error-record.js';
import { lookThrough, type Looked } from '../../../apps/recovery-service/src/records/domain/look-through.js';
import type { ErrorRecordPlace } from '../../../apps/recovery-service/src/records/error-record-search.js';
import { errorRecordIndexes, errorRecordsOf } from '../../../apps/recovery-service/src/records/mongo/error-record-collection.js';
import { stepByStep } from '../../../apps/recovery-service/src/records/mongo/step-by-step.js';
import { ErrorRecordQueries } from '../../../apps/recovery-service/src/records/mongo/error-record-queries.js';
import { ErrorRecordStore } from '../../../apps/recovery-service/src/records/mongo/error-record-store.js';
import { ManualRecoveryStore } from '../../../apps/recovery-service/src/records/mongo/manual-recovery-store.js';
import {
  manualRecoveryModel,
  manualRecoverySchema,
  type StoredManualRecovery,
} from '../../../apps/recovery-service/src/records/mongo/manual-recovery.schema.js';
import { RecoverableRecordStore } from '../../../apps/recovery-service/src/recoveries/mongo/recoverable-record-store.js';
import { recoverablePromises } from '../../../apps/recovery-service/src/recoveries/recoverable-records-conformance.js';
import { OwingRecordStore } from '../../../apps/recovery-service/src/resends/mongo/owing-record-store.js';
import { owingPromises } from '../../../apps/recovery-service/src/resends/owing-records-conformance.js';
import { RetryTimerStore } from '../../../apps/recovery-service/src/retries/mongo/retry-timer-store.js';
import { timerPromises } from '../../../apps/recovery-service/src/retries/retry-timers-conformance.js';

let servers: TestServers;
let database: Store;
let recoveries: Model<StoredManualRecovery>;
let configs: Model<StoredRetryConfig>;
let poolHosts: Model<StoredPoolHost>;
let poolPlaces: Model<StoredPoolPlace>;
let records: ErrorRecordStore;

beforeAll(async () => {
  servers = await startTestServers();
  database = await Store.connect({ url: servers.mongoUrl, database: 'stores', applicationName: 'test' }, () => undefined);
  const connection = modelsOf(database);
  recoveries = connection.model<StoredManualRecovery>(manualRecoveryModel, manualRecoverySchema);
  configs = connection.model<StoredRetryConfig>(retryConfigModel, retryConfigSchema);
  poolHosts = connection.model<StoredPoolHost>(poolHostModel, poolHostSchema);
  poolPlaces = connection.model<StoredPoolPlace>(poolPlaceModel, poolPlaceSchema);
  records = new ErrorRecordStore(database);
  const recoveryIndexes = [...groupRecoveryIndexes, ...recoveryItemIndexes];
  await ensureIndexes(database, [...errorRecordIndexes, ...failureGroupIndexes, ...learntTemplateIndexes, ...recoveryIndexes]);
});

afterAll(async () => {
  await database?.close();
  await servers?.stop();
});

beforeEach(async () => {
  for (const collection of await database.db.collections()) await collection.deleteMany({});
});

describe('the groups of failures', () => {
  it.each(failureGroupPromises)('%s', (_promise, hold) => hold({ records, groups: new FailureGroupStore(database) }));
});

describe('the hosts of pools', () => {
  it.each(knownHostPromises)('%s', (_promise, hold) => hold(new KnownHostStore(poolHosts)));
});

describe('the places of pools', () => {
  it.each(poolPlacePromises)('%s', (_promise, hold) => {
    const clock = { time: Date.now() };
    return hold(new PoolPlaceStore(poolPlaces, { now: () => clock.time }), clock);
  });
});

describe('what was learnt of messages', () => {
  it.each(learntTemplatePromises)('%s', (_promise, hold) => hold(new LearntTemplateStore(database)));
});

describe('the error records', () => {
  it.each(errorRecordPromises)('%s', async (_promise, hold) => {
    await hold(records);
  });

  it.each(searchPromises)('searched: %s', async (_promise, hold) => {
    await hold({ records, search: new ErrorRecordQueries(database) });
  });

  it('looked through step by step: gives each that matches once, and looks at no more than a step in one', async () => {
    // A first step, and records of the same time as its ends.
    const stepMax = 510;
    const second = (at: number): string => new Date(Date.UTC(2026, 10, 23, 6, 0, Math.floor(at / 3))).toISOString();
    const given = Array.from({ length: 1_800 }, (_, at) =>
      recordSample(at, {
        timestamp: second(at),
        error_message: at % 400 === 7 ? 'The Needle' : 'hay',
        job_type: `type-${at % 2}`,
      }),
    );
    const collection = errorRecordsOf(database);
    await collection.insertMany(given);
    const wanted = [1_607, 1_207, 807, 407, 7].map((at) => given[at]?._id);
    await database.db.command({ profile: 2 });
    for (const filter of [{ text: 'needle' }, { text: 'needle', recovery_status: 'in_progress', job_type: 'type-1' } as const]) {
      const found: string[] = [];
      for (let from: ErrorRecordPlace | null = null; ;) {
        const looked: Looked<StoredErrorRecord, ErrorRecordPlace> = await lookThrough(
          { ...stepByStep(collection, filter), spentMs: () => Infinity },
          from,
          9,
        );
        found.push(...looked.found.map(({ _id }) => _id));
        if (looked.reached === null) break;
        from = looked.reached;
      }
      expect(found).toEqual(wanted);
    }
    await database.db.command({ profile: 0 });
    const profile = database.collection<{ docsExamined: number }>('system.profile');
    const looks = await profile.find({ op: 'query', ns: 'stores.error_records' }).toArray();
    await profile.drop();
    expect(looks).toHaveLength(16);
    expect(Math.max(...looks.map(({ docsExamined }) => docsExamined))).toBeLessThanOrEqual(stepMax);
  });

  it.each(analysedPromises)('analysed: %s', async (_promise, hold) => {
    for (const few of [0, 100]) {
      await errorRecordsOf(database).deleteMany({});
      await hold({ records, analysed: new AnalysedRecordStore(database, new LaidHourStore(database, 90), few) });
    }
  });

  it.each(recoverablePromises)('that a person may bring back: %s', async (_promise, hold) => {
    await hold({ records, recoverable: new RecoverableRecordStore(database) });
  });

  it.each(timerPromises)('as timers: %s', async (_promise, hold) => {
    await hold({ records, timers: new RetryTimerStore(database) });
  });

  it.each(owingPromises)('as what is owed: %s', async (_promise, hold) => {
    await hold({ records, owing: new OwingRecordStore(database) });
  });
});

describe('the cancelled jobs', () => {
  it.each(cancelledJobPromises)('%s', async (_promise, hold) => {
    await hold(new CancelledJobStore(database));
  });
});

describe('the manual recoveries', () => {
  it.each(manualRecoveryPromises)('%s', async (_promise, hold) => {
    await hold(new ManualRecoveryStore(recoveries));
  });
});

describe('the recoveries of groups', () => {
  it.each(groupRecoveryPromises)('%s', (_promise, hold) => hold(new GroupRecoveryStore(database)));
  it.each(['waiting', 'canary', 'stopped'] as const)(
    'in the state %s are found without a walk through the others',
    async (state) => {
      const others = Array.from({ length: 300 }, (_, at) => ({
        _id: `rcv_${at}`,
        state: 'completed',
        tenant: at % 2 ? 'acme' : null,
      }));
      await database.collection<{ _id: string }>('group_recoveries').insertMany(others);
      const wanted = ['rcv_a', 'rcv_b'].map((_id) => ({ _id, state, tenant: 'acme' }));
      await database.collection<{ _id: string }>('group_recoveries').insertMany(wanted);
      await database.db.command({ profile: 2 });
      for (const tenant of [undefined, 'acme']) {
        const found = await new GroupRecoveryStore(database).latest({ state, tenant }, 'rcv_z', 200);
        expect(found.map(({ _id }) => _id)).toEqual(['rcv_b', 'rcv_a']);
      }
      await database.db.command({ profile: 0 });
      const profile = database.collection<{ docsExamined: number; hasSortStage?: boolean }>('system.profile');
      const plans = await profile.find({ op: 'query', ns: 'stores.group_recoveries' }).toArray();
      await profile.drop();
      expect(plans.map(({ docsExamined, hasSortStage = false }) => [docsExamined, hasSortStage])).toEqual([
        [2, false],
        [2, false],
      ]);
    },
  );

  it.each(recoveryItemPromises)('their items: %s', (_promise, hold) => hold(new RecoveryItemStore(database)));
});

describe('the retry configs', () => {
  it.each(retryConfigPromises)('%s', async (_promise, hold) => {
    await hold(new RetryConfigStore(configs));
  });
});
