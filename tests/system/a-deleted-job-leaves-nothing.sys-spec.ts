// After deleteJob no database holds a word of the job, whatever was killed while it was being deleted.
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BatchJob } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { Binary, MongoClient } from 'mongodb';
import { PlatformUnderTest } from './platform-under-test.js';

const secret = 'ada-2718@example.com';

let under: PlatformUnderTest;
let mongo: MongoClient;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
  mongo = await MongoClient.connect(under.platform.urls.mongo);
});

afterAll(async () => {
  await mongo?.close();
  await under.stop();
});

/** Collections, with their databases, that hold the secret somewhere. */
async function whereItIs(): Promise<string[]> {
  const { databases } = await mongo.db().admin().listDatabases({ nameOnly: true });
  const found: string[] = [];
  for (const { name } of databases.filter(({ name: database }) => !['admin', 'local', 'config'].includes(database))) {
    for (const { name: collection } of await mongo.db(name).listCollections().toArray()) {
      const documents = await mongo.db(name).collection(collection).find().toArray();
      if (JSON.stringify(documents, unpacked).includes(secret)) found.push(`${name}.${collection}`);
    }
  }
  return found.sort();
}

/** What stands in a document packed, such as the lines of a log, is searched as what it unpacks to. */
function unpacked(this: Record<string, unknown>, key: string, told: unknown): unknown {
  const value = this[key];
  if (!(value instanceof Binary)) return told;
  const bytes = Buffer.from(value.value());
  try {
    return zstdDecompressSync(bytes).toString();
  } catch {
    return bytes.toString();
  }
}

async function failedJob(tasks: number): Promise<string> {
  const given = Array.from({ length: tasks }, (_, at) => ({ id: `${secret}.${at}`, payload: { to: secret, at } }));
  const labels = { to: secret };
  const key = `${secret}.${tasks}`;
  const job = { type: 'test.steps', labels, idempotency_key: key, tasks: given };
  const { job_id: id } = await under.createJob(job);
  expect((await under.ended(id)).status).toBe('failed');
  return id;
}

/** Asks until it is taken up: by then it may be done. */
async function remove(jobId: string): Promise<void> {
  await eventually(async () => {
    const request = { action: 'deleteJob', data: { job_id: jobId } };
    expect([200, 404]).toContain((await under.request('POST', '/job-operations', request)).status);
  });
}

async function kill(service: string): Promise<void> {
  const [before] = under.platform.pids(service);
  under.platform.kill(service);
  await eventually(() => expect(under.platform.pids(service)).not.toEqual([before]));
}

test.each([
  ['many tasks', 600],
  ['one task', 1],
])('a job of %s, deleted while every service is killed', async (_, tasks) => {
  // What the first step returned is kept when the second fails.
  under.sink.verdict = ({ payload }) => ((payload as { step: string }).step === 'last' ? { fatal: `no ${secret}` } : {});
  const jobId = await failedJob(tasks);
  await eventually(async () => expect((await under.errors(jobId)).length).toBe(tasks));
  await eventually(async () =>
    expect(await whereItIs()).toEqual(
      expect.arrayContaining([
        'kintsugi_jobs.chunks',
        'kintsugi_jobs.steps',
        'kintsugi_metrics.job_history',
        'kintsugi_metrics.log_blocks',
        'kintsugi_recovery.error_records',
      ]),
    ),
  );
  under.platform.kill('recovery-service');
  await remove(jobId);
  for (const service of ['job-service', 'metrics-service']) await kill(service);
  await eventually(async () => expect(await whereItIs()).toEqual([]));
  await eventually(async () => {
    const { status } = await under.request('GET', `/v1/jobs/${jobId}`);
    expect(status).toBe(404);
    expect(await under.errors(jobId)).toEqual([]);
    const listed = await under.get<{ items: BatchJob[] }>('/v1/jobs?limit=50');
    expect(listed.items.map(({ id }) => id)).not.toContain(jobId);
  });
});
