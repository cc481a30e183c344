// The databases are of the version that the services need before these start, and one of a newer version is left alone.
import { MongoClient, type Collection } from 'mongodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RetryConfig } from '@kintsugi/contracts';
import { createHome, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;

beforeAll(async () => {
  place = await createHome();
});

afterAll(() => place?.remove());

const up = () => runCommand(['up', '--detach', ...place.options]);
const down = () => runCommand(['down', '--home', place.home]);
const json = async (args: string[]) => JSON.parse((await runCommand([...args, '--home', place.home, '--json'])).stdout);

interface Stored {
  _id: string;
  [field: string]: unknown;
}

/** Looks into, or changes, the database of recovery-service while the platform runs. */
async function inRecovery<Result>(act: (collection: (name: string) => Collection<Stored>) => Promise<Result>): Promise<Result> {
  const client = await MongoClient.connect(place.state().urls.mongo);
  try {
    return await act((name) => client.db('kintsugi_recovery').collection<Stored>(name));
  } finally {
    await client.close();
  }
}

const config: RetryConfig = {
  ...{ error_type: 'smtp.*', max_attempts: 8, initial_delay: 30, max_delay: 3600, backoff_factor: 2 },
  retry_conditions: [],
};

test('a new home begins with the versions that its services need', async () => {
  expect(await up()).toMatchObject({ code: 0 });
  expect(await json(['migrate', 'status'])).toMatchObject({
    databases: [
      { database: 'kintsugi_jobs', status: 'current' },
      { database: 'kintsugi_recovery', status: 'current', version: 4, known: 4, pending: [] },
      { database: 'kintsugi_metrics', status: 'current' },
      { database: 'kintsugi_access', status: 'current' },
    ],
  });
});

test('what an earlier version left is raised by up, and its services work on it', async () => {
  await inRecovery(async (collection) => {
    await collection('schema_version').drop();
    await collection('retry_configs').insertOne({ _id: 'smtp.*', ...config, version: 1, updated_at: '2026-11-23T10:20:30.400Z' });
  });
  const behind = await runCommand(['migrate', 'status', '--home', place.home]);
  expect(behind).toMatchObject({ code: 1, stdout: expect.stringMatching(/kintsugi_recovery +0 +4 +pending +times-as-dates/) });
  await down();
  expect(await up()).toMatchObject({ code: 0 });
  expect(await json(['policy', 'list'])).toMatchObject({ items: [config] });
  await inRecovery(async (collection) => {
    expect(await collection('retry_configs').findOne()).toMatchObject({ updated_at: new Date('2026-11-23T10:20:30.400Z') });
    expect(await collection('schema_version').findOne()).toMatchObject({
      version: 4,
      applied: [
        { name: 'times-as-dates' },
        { name: 'failed-runs' },
        { name: 'policy-versions' },
        { name: 'failure-hours-in-parts' },
      ],
    });
  });
});

test('what a newer version has written is left alone: up and migrate end with 78, and say what to do', async () => {
  await inRecovery((collection) => collection('schema_version').updateOne({ _id: 'schema' }, { $set: { version: 99 } }));
  const migrated = await runCommand(['migrate', 'up', '--home', place.home]);
  expect(migrated).toMatchObject({ code: 78, stderr: expect.stringContaining('written by a newer Kintsugi') });
  await down();
  const started = await up();
  expect(started.code).toBe(78);
  expect(started.stderr.replaceAll(/\s+/g, ' ')).toContain('Start that version of Kintsugi or a newer one');
});
