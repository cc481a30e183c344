import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callAction } from '@kintsugi/messaging';
import { migrateUp, type Store } from '@kintsugi/persistence';
import { modelsOf } from '@kintsugi/persistence/models';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { timesAsDates } from '../../../apps/recovery-service/src/migrations/mongo/0001-times-as-dates.js';
import { failedRuns } from '../../../apps/recovery-service/src/migrations/mongo/0002-failed-runs.js';
import { failureHoursInParts } from '../../../apps/recovery-service/src/migrations/mongo/0004-failure-hours-in-parts.js';
import { manualRecoverySchema } from '../../../apps/recovery-service/src/records/mongo/manual-recovery.schema.js';
import { schema } from '../../../apps/recovery-service/src/recovery-service.schema.js';
import { JobServiceSide } from './job-service-side.js';
import { recoveryStore, startRecoveryService } from './recovery-service-under-test.js';

const never = new AbortController().signal;
const error_record_id = 'err_0198c0de-1234-7abc-8def-0123456789ab';

let servers: TestServers;
let store: Store;

beforeAll(async () => {
  servers = await startTestServers();
  store = await recoveryStore(servers);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

interface Stored {
  _id: string;
  [field: string]: unknown;
}

const configs = () => store.collection<Stored>('retry_configs');
const recoveries = () => store.collection<Stored>('manual_recoveries');

const config = { error_type: 'smtp.*', max_attempts: 8, initial_delay: 30, max_delay: 3600, backoff_factor: 2 };
const retry_conditions = [{ field: 'attempt', operator: 'eq' as const, value: { $gt: 1, 'a.b': [{}] } }];

const recovery = {
  _id: 'rcv_0198c0de-1234-7abc-8def-0123456789ab',
  needed_at: new Date('2026-11-23T11:00:00Z'),
  error_record_id,
  group_id: null,
  job_id: null,
  force: true,
  ignore_conditions: false,
  params: '{"to":"ann@example.com"}',
};

/** What version 0 wrote. */
async function writeVersion0(): Promise<void> {
  await store.db.dropDatabase();
  await configs().insertOne({
    _id: 'smtp.*',
    ...config,
    retry_conditions,
    version: 3,
    updated_at: '2026-11-23T10:20:30.400Z',
  });
  await recoveries().insertOne({ ...recovery, requested_at: '2026-11-23T10:20:30.400Z' });
}

beforeEach(writeVersion0);

const asMigrated = {
  configs: [
    {
      _id: 'smtp.*',
      ...config,
      retry_conditions,
      version: 3,
      updated_at: new Date('2026-11-23T10:20:30.400Z'),
      created_at: new Date('2026-11-23T10:20:30.400Z'),
    },
  ],
  recoveries: [{ ...recovery, requested_at: new Date('2026-11-23T10:20:30.400Z'), version: 0 }],
};

const firstVersion = {
  version: 1,
  config: JSON.stringify({ ...config, retry_conditions }),
  changed_at: new Date('2026-11-23T10:20:30.400Z'),
  changed_by: 'unknown',
};

const asStored = async () => ({ configs: await configs().find().toArray(), recoveries: await recoveries().find().toArray() });

describe('the data of version 0', () => {
  test('becomes that of version 1', async () => {
    expect(await migrateUp(store, schema, never)).toMatchObject({
      applied: ['times-as-dates', 'failed-runs', 'policy-versions', 'failure-hours-in-parts'],
    });
    expect(await asStored()).toEqual({ ...asMigrated, configs: [{ ...asMigrated.configs[0], history: [firstVersion] }] });
  });

  test('is changed once, also when the migration runs twice, or two at once', async () => {
    await Promise.all([timesAsDates.up(store), timesAsDates.up(store)]);
    await timesAsDates.up(store);
    expect(await asStored()).toEqual(asMigrated);
  });

  test('goes on from where a crash left it', async () => {
    await configs().updateOne({}, [{ $set: { updated_at: { $toDate: '$updated_at' } } }]);
    await timesAsDates.up(store);
    expect(await asStored()).toEqual(asMigrated);
  });

  test('is read and changed by the models of version 1', async () => {
    await migrateUp(store, schema, never);
    const jobService = await JobServiceSide.connect(servers.natsUrl);
    const service = await startRecoveryService(servers);
    try {
      const { items } = await eventually(() => callAction(jobService.bus, 'listRetryConfigs', {}));
      expect(items).toEqual([
        { ...config, retry_conditions, version: 1, changed_by: 'unknown', changed_at: '2026-11-23T10:20:30.400Z' },
      ]);
      const changed = { ...config, retry_conditions, max_attempts: 9 };
      const receipt = await callAction(jobService.bus, 'configureRetry', { error_type: 'smtp.*', config: changed });
      expect(receipt).toEqual({ config: changed, replaced: true, version: 2 });
      expect(await configs().findOne()).toMatchObject({
        max_attempts: 9,
        version: 4,
        created_at: asMigrated.configs[0]!.created_at,
      });
    } finally {
      await service.stop();
      await jobService.close();
    }
    const recovery = await modelsOf(store).model('ManualRecovery', manualRecoverySchema).findOne();
    expect(recovery?.toObject()).toEqual({ ...asMigrated.recoveries[0], from_step: null });
  });
});

describe('an error record of version 1', () => {
  const before = { _id: error_record_id, attempt: 3, timestamp: '2026-11-23T10:20:30.400Z', error_type: 'smtp.451', version: 7 };
  const known = { attempt: 3, failed_at: before.timestamp, error_type: 'smtp.451', retry_delay_ms: null };
  const records = () => store.collection<Stored>('error_records');

  test('tells the one failed run that is known of it, also when the migration runs twice', async () => {
    await records().insertOne(before);
    await Promise.all([failedRuns.up(store), failedRuns.up(store)]);
    expect(await records().find().toArray()).toEqual([{ ...before, failed_runs: [known] }]);
  });

  test('that tells its runs already stays as it is', async () => {
    const after = { ...before, failed_runs: [{ ...known, attempt: 1 }, known] };
    await records().insertOne(after);
    await failedRuns.up(store);
    expect(await records().find().toArray()).toEqual([after]);
  });
});

test('hours of failures that were laid down before are laid down anew', async () => {
  const hours = store.collection<{ _id: number }>('failure_hours');
  await hours.insertMany([{ _id: -1 }, { _id: 3_600_000 }]);
  await Promise.all([failureHoursInParts.up(store), failureHoursInParts.up(store)]);
  expect(await hours.countDocuments()).toBe(0);
});
