// Twenty secrets in twenty places: of none of them a part is in a log, an event, an error, a trace, or what is kept of a job.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import type { BatchJob, JobReceipt, TaskPage } from '@kintsugi/contracts';
import { Bus } from '@kintsugi/messaging';
import { startPlatform, type Platform } from '@kintsugi/supervisor';
import { OtlpReceiver, eventually } from '@kintsugi/testing';
import { canariesIn, canary, environmentOfPlatform, environmentOfTask, tellAll } from './canaries.js';

const keyInFile = `${canary(17)}-in-a-file`;

let receiver: OtlpReceiver;
let platform: Platform;
let bus: Bus;
let mongo: MongoClient;
let other: Server;
const events: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  receiver = await OtlpReceiver.start();
  other = createServer((request, response) => {
    asked.push(String(request.headers.authorization));
    response.writeHead(500).end(`${request.headers.authorization} is no key, see https://me:${canary(18)}@host.example/`);
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  platform = await startPlatform({
    settings: { WORKERS: 0, BUILT_IN_WORKER: 'on' },
    environment: {
      ...{ ...process.env, NODE_OPTIONS: '', RETRY_WAIT_SECONDS: '0.1', LOG_LEVEL: 'debug' },
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '50', ...environmentOfPlatform },
    },
  });
  bus = await Bus.connect({ servers: platform.urls.nats, name: 'test' });
  bus.subscribe('kin.evt.>', (message) => events.push(Buffer.from(message.data).toString('utf8')));
  await bus.flush();
  mongo = await MongoClient.connect(platform.urls.mongo);
});

afterAll(async () => {
  await mongo?.close();
  await bus?.close();
  await platform?.stop();
  await receiver?.stop();
  other?.close();
});

const address = (): string => `127.0.0.1:${(other.address() as AddressInfo).port}`;
const askedFor = (path: string, more: RequestInit = {}): Promise<Response> => fetch(new URL(path, platform.urls.api), more);

async function ended(type: string, task: object, key: string): Promise<string> {
  const data = { product_id: 'p', sending_group_id: 'g', type, idempotency_key: key, tasks: [{ payload: task }] };
  const created = await askedFor('/job-operations', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${canary(19)}-given-where-none-is-wanted` },
    body: JSON.stringify({
      action: 'createJob',
      data: { ...data, retry_config: { max_attempts: 2, retry_interval: 1, retry_on_errors: [] } },
    }),
  });
  const { job_id: jobId } = (await created.json()) as JobReceipt;
  await eventually(async () => {
    expect(((await (await askedFor(`/v1/jobs/${jobId}`)).json()) as BatchJob).status).toBe('failed');
  });
  return jobId;
}

/** All that a database holds, but for payloads: whoever submits a job says with them what is to be kept. */
async function dumpOf(database: string): Promise<string> {
  const texts: string[] = [];
  for (const { name } of await mongo.db(database).listCollections().toArray()) {
    texts.push(JSON.stringify(await mongo.db(database).collection(name).find().toArray()));
  }
  return texts.join('\n');
}

test('no secret, nor a part of one, leaves the worker or the platform', async () => {
  writeFileSync(join(platform.home, 'key'), keyInFile);
  const rule = { name: 'tell', executable: '/bin/sh', leading_arguments: ['-c', tellAll], pass_environment: ['CANARY_PASSED'] };
  const http = {
    allow_private: [address()],
    secrets: [{ name: 'key', file: join(platform.home, 'key'), hosts: ['127.0.0.1'] }],
  };
  const names = Object.keys(environmentOfTask);
  writeFileSync(join(platform.home, 'worker.yaml'), JSON.stringify({ commands: [{ ...rule, environment: names }], http }));
  const command = { argv: ['tell'], env: environmentOfTask, secret_env: names };
  const request = { url: `http://${address()}/`, headers: { authorization: { secret: 'key' } } };
  const jobs = [await ended('execute_cli', command, canary(20)), await ended('http_request', request, 'plain')];
  await askedFor(`/nowhere?token=${canary(16)}`);
  expect(asked[0]).toBe(keyInFile);
  const shown = new Map<string, string>();
  for (const jobId of jobs) {
    const log = await eventually(async () => {
      const text = await (await askedFor(`/logs/download/${jobId}`)).text();
      if (jobId === jobs[0]) expect(text).toContain('#2 stdout RUN_KEY=');
      return text;
    });
    shown.set(`log of ${jobId}`, log);
    const { items } = (await (await askedFor(`/v1/jobs/${jobId}/tasks`)).json()) as TaskPage;
    shown.set(`tasks of ${jobId}`, JSON.stringify(items.map((task) => ({ ...task, payload: null }))));
  }
  await eventually(async () => expect(await dumpOf('kintsugi_recovery')).toContain('net.refused'));
  for (const database of ['kintsugi_recovery', 'kintsugi_metrics']) shown.set(database, await dumpOf(database));
  shown.set('events', events.join('\n'));
  await eventually(() => expect(receiver.spans.some(({ name }) => name.startsWith('attempt'))).toBe(true));
  shown.set('traces', Buffer.concat(receiver.bodies).toString('latin1'));
  const logs = join(platform.home, 'logs');
  for (const name of readdirSync(logs)) shown.set(name, readFileSync(join(logs, name), 'utf8'));
  expect(events.length).toBeGreaterThan(3);
  expect([...shown].map(([place, text]) => [place, canariesIn(text)])).toEqual([...shown.keys()].map((place) => [place, []]));
});
