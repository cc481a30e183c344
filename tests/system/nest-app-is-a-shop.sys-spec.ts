// A Nest app of less than eighty lines submits jobs, runs their tasks and hears what became of them.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JobReceipt } from '@kintsugi/contracts';
import { freePort } from '@kintsugi/servers';
import { repository } from '@kintsugi/supervisor';
import { eventually } from '@kintsugi/testing';
import { environmentWith } from '../command-line.js';
import { PlatformUnderTest } from './platform-under-test.js';

const example = join(repository, 'examples', 'nest-shop');
let under: PlatformUnderTest;
let shop: ChildProcess;
let url: string;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 0 });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const { api, nats } = under.platform.urls;
  const env = environmentWith({ PORT: String(port), KINTSUGI_URL: api, NATS_URL: nats });
  shop = spawn(process.execPath, [join(example, 'dist', 'http', 'main.js')], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await eventually(async () =>
    expect(await ask('/health')).toEqual({ kintsugi: { status: 'up', api: 'ready', connected: true } }),
  );
});

afterAll(async () => {
  shop?.kill('SIGKILL');
  await under?.stop();
});

async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
  const sent =
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return (await (await fetch(url + path, sent)).json()) as Answer;
}

test('the example has less than eighty lines', () => {
  const sources = readdirSync(join(example, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const lines = sources.map((name) => readFileSync(join(example, 'src', name), 'utf8').split('\n').length - 1);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(80);
});

test('an order becomes a job, which the app runs', async () => {
  const { job_id: jobId } = await ask<JobReceipt>('/orders', { to: 'ada@example.com', total: 12.5 });
  expect(await under.ended(jobId)).toMatchObject({ status: 'completed', type: 'shop.receipt' });
  expect(await under.tasks(jobId)).toMatchObject([
    { result: { sent_to: 'ada@example.com' }, logs: ['12.50 to ada@example.com'] },
  ]);
});

test('the app hears that a job has failed', async () => {
  const { job_id: jobId } = await ask<JobReceipt>('/orders', { to: 'bob@blocked.example', total: 1 });
  await eventually(async () => expect(await ask('/unsent')).toEqual([jobId]));
  expect(await under.job(jobId)).toMatchObject({ status: 'failed' });
});

test('an order that does not fit the definition is refused, and SIGTERM ends the app in order', async () => {
  expect(await ask('/orders', { to: 'nobody', total: 1 })).toMatchObject({ statusCode: 400 });
  const ended = once(shop, 'exit');
  shop.kill('SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
});
