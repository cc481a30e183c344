import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProblemError, createClient, type Client, type UploadProgress } from '@kintsugi/client';
import { freePort } from '@kintsugi/servers';
import { eventually } from '@kintsugi/testing';
import { exampleData, exampleErrorRecordId } from '../../../apps/gateway/src/openapi/examples.js';
import { GatewayUnderTest, jobId, minimalJob, notFound } from './gateway-under-test.js';

let under: GatewayUnderTest;
let client: Client;

const page = { items: [], next_cursor: null };

beforeAll(async () => {
  under = await GatewayUnderTest.start();
  client = createClient({ baseUrl: `${under.url}/`, apiKey: under.keys.admin });
  under.answer('listJobs', () => page);
  under.answer('listTasks', () => page);
  under.answer('listErrors', () => page);
  under.answer('listErrorGroups', () => ({ items: [] }));
  under.answer('configureRetry', ({ config }) => ({ config, replaced: false, version: 1 }));
  under.answer('manualRecover', () => ({ accepted: 1, refused: [], refused_count: 0 }));
  under.answer('unsetRetry', () => ({ config: exampleData.configureRetry.config, removed: true }));
  under.answer('listRetryConfigs', () => ({ default: exampleData.configureRetry.config, items: [] }));
  under.answer('getJob', notFound);
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('commitUpload', ({ job_id, total_tasks }) => ({ job_id, status: 'pending', total_tasks, replayed: false }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
  await under.settled();
});

afterAll(() => under.stop());

beforeEach(() => {
  under.asked.length = 0;
});

describe('the client', () => {
  it('asks as the contracts say, and hands back what was answered', async () => {
    expect(await client.listJobs({ status: ['running', 'failed'], label: 'team=mail & more', limit: 5 })).toEqual(page);
    expect(await client.listTasks(jobId, { state: 'dead', cursor: 'a/b+c=' })).toEqual(page);
    expect(await client.listErrors({ error_type: 'smtp.550', job_id: jobId })).toEqual(page);
    expect(await client.listErrorGroups()).toEqual({ items: [] });
    expect((await client.configureRetry(exampleData.configureRetry)).replaced).toBe(false);
    expect((await client.manualRecover({ error_record_id: exampleErrorRecordId })).accepted).toBe(1);
    expect((await client.unsetRetry(exampleData.unsetRetry)).removed).toBe(true);
    expect((await client.listRetryConfigs()).items).toEqual([]);
    expect((await client.health()).services).toMatchObject({ gateway: 'ready', 'job-service': 'no_answer' });
    expect(under.asked.map(({ action, data }) => [action, data])).toMatchObject([
      ['listJobs', { status: ['running', 'failed'], label: 'team=mail & more', limit: 5 }],
      ['listTasks', { job_id: jobId, state: 'dead', cursor: 'a/b+c=' }],
      ['listErrors', { error_type: 'smtp.550', job_id: jobId }],
      ['listErrorGroups', {}],
      ['configureRetry', exampleData.configureRetry],
      ['manualRecover', { error_record_id: exampleErrorRecordId }],
      ['unsetRetry', exampleData.unsetRetry],
      ['listRetryConfigs', {}],
    ]);
  });

  it('throws the problem that was answered', async () => {
    const refused = client.getJob(jobId);
    await expect(refused).rejects.toBeInstanceOf(ProblemError);
    await expect(refused).rejects.toMatchObject({ code: 'JOB_NOT_FOUND', status: 404 });
    await expect(client.createJob({ ...minimalJob, priority: 11 })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.priority', rule: 'RANGE', got: '11', allowed: 'at most 9' }] },
    });
    await expect(client.getError('../jobs')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(createClient({ baseUrl: under.url, apiKey: 'kin_x' }).listJobs()).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('says that nobody is there, or that nobody answers in time', async () => {
    const nobody = createClient({ baseUrl: `http://127.0.0.1:${await freePort()}` });
    await expect(nobody.listJobs()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    const hasty = createClient({ baseUrl: under.url, apiKey: under.keys.admin, timeoutMs: 50 });
    under.answer('getJobInfo', () => new Promise(() => undefined));
    await under.settled();
    await expect(hasty.getJobInfo(jobId)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringContaining('in time'),
    });
    await under.away('getJobInfo');
  });

  it('tells how far an upload is, and lets it be broken off', async () => {
    const progress: UploadProgress[] = [];
    const tasks = (function* () {
      for (let index = 0; index < 20_000; index += 1) yield { id: `t${index}` };
    })();
    await client.submitTasks(minimalJob, tasks, { onProgress: (now) => progress.push(now) });
    expect(progress.map((now) => now.tasks)).toEqual(progress.map((now) => now.tasks).sort((left, right) => left - right));
    expect(progress.at(-1)?.tasks).toBe(20_000);

    const abort = new AbortController();
    const endless = (function* () {
      for (;;) yield { payload: 'x'.repeat(1_000) };
    })();
    const upload = client.submitTasks(minimalJob, endless, { signal: abort.signal });
    await eventually(() => expect(under.askedOf('stageTasks').length).toBeGreaterThan(100));
    abort.abort(new Error('enough'));
    await expect(upload).rejects.toThrow('enough');
    await eventually(() => expect(under.askedOf('abandonUpload')).toHaveLength(1));
    expect(under.askedOf('commitUpload')).toHaveLength(1);
  });

  it('fails with the words of a source that fails, and nothing is accepted', async () => {
    const broken = (function* () {
      for (let index = 0; index < 10_000; index += 1) yield { id: `t${index}`, payload: 'x'.repeat(100) };
      throw new Error('the file is gone');
    })();
    await expect(client.submitTasks(minimalJob, broken)).rejects.toThrow('the file is gone');
    await eventually(() => expect(under.askedOf('abandonUpload')).toHaveLength(1));
    expect(under.askedOf('commitUpload')).toEqual([]);
  });
});
