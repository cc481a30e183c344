// What tasks write reaches whoever may read it: by pages, live, and as a file.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from '@kintsugi/client';
import { bundledJobId, logIdOf, type Actor, type LogLine } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually } from '@kintsugi/testing';
import { SweepLogs } from '../../../apps/metrics-service/src/log-access/commands/sweep-logs.js';
import { KnownJobEnds } from '../../../apps/metrics-service/src/log-access/known-job-ends.js';
import { MongoHourColumns } from '../../../apps/metrics-service/src/job-history/mongo/mongo-hour-columns.js';
import { MongoJobHistory } from '../../../apps/metrics-service/src/job-history/mongo/mongo-job-history.js';
import { NatsLiveJobs } from '../../../apps/metrics-service/src/job-history/nats/nats-live-jobs.js';
import { TakeLogBatches } from '../../../apps/metrics-service/src/task-logs/commands/take-log-batches.js';
import { MongoLogStore } from '../../../apps/metrics-service/src/task-logs/mongo/mongo-log-store.js';
import { blockWith, runOf } from '../../../apps/metrics-service/src/task-logs/log-lines-of.js';
import { newJobId } from './job-events.js';
import { canary, startLogDoors, type LogDoors } from './log-doors.js';

const boundTo = (tenant: string | null) => {
  const actor: Actor = { key: 'ada', name: 'ada', role: 'viewer', tenant, door: 'http', address: '10.0.0.7' };
  return { origin: { actor, requestId: 'asked-1' } };
};

let doors: LogDoors;
let { service, door, events, sender, newJob, runIn } = {} as LogDoors;

beforeAll(async () => {
  doors = await startLogDoors({ LOG_MAX_SIZE_MB: '8' }, { EVENT_HEARTBEAT_MS: '200' });
  ({ service, door, events, sender, newJob, runIn } = doors);
});

afterAll(() => doors?.stop());

async function written(jobId: string, ...lines: string[]): Promise<void> {
  const run = runIn(jobId);
  for (const line of lines) run.output('stdout', `${line}\n`);
  run.endLog();
  await sender.settled(10_000);
}

const client = () => createClient({ baseUrl: door.service.url });
const fetched = (path: string, headers: Record<string, string> = {}) => fetch(door.service.url + path, { headers });
const textsOf = (lines: readonly LogLine[]): string[] => lines.map(({ text }) => text);

test('lines are there once the worker has its receipt, without its secrets', async () => {
  const jobId = await newJob();
  await written(jobId, 'first', `with ${canary}`, '日本語 🎉', '\u001b[31mred\u001b[0m\u0000');
  const page = await client().readLog(jobId);
  expect(textsOf(page.lines)).toEqual(['first', 'with …', '日本語 🎉', '\u001b[31mred\u001b[0m\u0000']);
  expect(page).toMatchObject({ at_end: true, is_over: false });
  expect(textsOf((await client().readLog(jobId, { text: '日本' })).lines)).toEqual(['日本語 🎉']);
  expect(textsOf((await client().readLog(jobId, { last: 1 })).lines)).toEqual(['\u001b[31mred\u001b[0m\u0000']);
});

describe('a log that is followed', () => {
  test('is told from its beginning, goes on as it is written, and ends some time after its job', async () => {
    const jobId = await newJob();
    await written(jobId, 'before');
    const seen: string[] = [];
    const following = (async () => {
      for await (const lines of client().followLog(jobId)) seen.push(...textsOf(lines));
    })();
    await eventually(() => expect(seen).toEqual(['before']));
    await written(jobId, 'one', 'two');
    await eventually(() => expect(seen).toEqual(['before', 'one', 'two']));
    await events.ended('completed', 0, [jobId]);
    await following;
    expect(seen).toEqual(['before', 'one', 'two']);
  });

  test('of a million lines is told to each of 50 readers as it goes on, of whom one reads nothing and keeps no worker waiting', async () => {
    const jobId = await newJob();
    const log = logIdOf(jobId);
    const old = Array.from({ length: 50 }, (_, block) => {
      const lines = Array.from({ length: 20_000 }, (_, at) => ({
        text: `${block * 20_000 + at}`,
        number: block * 20_000 + at + 1,
      }));
      return blockWith(log, `000000000${String(block).padStart(5, '0')}`, [runOf('0.0', 1, lines)]);
    });
    await new MongoLogStore(service.store).add(old);
    const stuck = await fetched(`/v1/jobs/${jobId}/logs?follow`);
    const stop = new AbortController();
    const seen = Array.from({ length: 49 }, (): string[] => []);
    const readers = seen.map(async (texts) => {
      for await (const lines of client().followLog(jobId, { last: 100 }, { signal: stop.signal })) texts.push(...textsOf(lines));
    });
    await eventually(() => expect(seen.map(({ length }) => length)).toEqual(seen.map(() => 100)));
    const run = runIn(jobId, '1.0');
    for (let part = 0; part < 10; part += 1) {
      run.output('stdout', Array.from({ length: 100 }, (_, at) => `new ${part * 100 + at}\n`).join(''));
      await sender.settled(30_000);
    }
    expect([sender.held, sender.dropped]).toEqual([0, 0]);
    const wanted = Array.from({ length: 1_100 }, (_, at) => (at < 100 ? `${999_900 + at}` : `new ${at - 100}`));
    await eventually(() => expect(seen.every(({ length }) => length >= wanted.length)).toBe(true));
    for (const texts of seen) expect(texts).toEqual(wanted);
    stop.abort();
    await Promise.allSettled(readers);
    await stuck.body?.cancel();
  });
});

describe('a log as a file', () => {
  test('comes whole, packed, and in part', async () => {
    const jobId = await newJob();
    await written(jobId, ...Array.from({ length: 9_000 }, (_, at) => `line number ${at} 日本`));
    const path = `/logs/download/${jobId}`;
    const plain = await fetched(path, { 'accept-encoding': 'identity' });
    const text = await plain.text();
    expect(plain.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(plain.headers.get('content-disposition')).toBe(`attachment; filename="${jobId}.log"`);
    expect(text.split('\n')).toHaveLength(9_001);
    expect(text).toMatch(/stdout line number 8999 日本\n$/);
    const packed = await fetched(path, { 'accept-encoding': 'gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(await packed.text()).toBe(text);
    const all = Buffer.from(text);
    for (const [range, from, to] of [
      ['bytes=0-9', 0, 10],
      ['bytes=700001-700100', 700_001, 700_101],
      ['bytes=-5', all.length - 5, all.length],
    ] as const) {
      const part = await fetched(path, { range });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${from}-${to - 1}/${all.length}`]);
      expect(Buffer.from(await part.arrayBuffer()).equals(all.subarray(from, to))).toBe(true);
    }
    const beyond = await fetched(path, { range: `bytes=${all.length}-` });
    expect([beyond.status, ((await beyond.json()) as { code: string }).code]).toEqual([416, 'RANGE_NOT_SATISFIABLE']);
  });

  test('comes of one task alone, with all that it wrote in all of its runs', async () => {
    const jobId = await newJob();
    for (const [place, attempt, line] of [
      ['0.0', 1, 'of another'],
      ['7.0', 1, 'first try'],
      ['7.0', 2, 'second try'],
      ['70.0', 1, 'of another too'],
    ] as const) {
      const run = runIn(jobId, place, attempt);
      run.log(line);
      run.endLog();
      await sender.settled(10_000);
    }
    const download = (place: string) =>
      fetched(`/logs/download/${jobId}?task_id=task_${logIdOf(jobId)}.${place}`, { 'accept-encoding': 'identity' });
    const ofTask = await download('7.0');
    expect(ofTask.headers.get('content-disposition')).toBe(`attachment; filename="task_${logIdOf(jobId)}.7.0.log"`);
    const text = await ofTask.text();
    expect(ofTask.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
    expect(text.split('\n').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      `task_${logIdOf(jobId)}.7.0#1 log    first try`,
      `task_${logIdOf(jobId)}.7.0#2 log    second try`,
      '',
    ]);
    expect(await (await download('8.0')).text()).toBe('');
  });

  test.each(['..%2F..%2Fetc%2Fpasswd', '%2Fetc%2Fpasswd', 'job_..', `job_01890a5d-ac96-774b-bcce-b302099a8057%00`, '%2e%2e'])(
    'is found by no path: %s',
    async (id) => {
      const answer = await fetched(`/logs/download/${id}`);
      expect([400, 404]).toContain(answer.status);
    },
  );

  test('of a task of another job is refused', async () => {
    const [jobId, other] = [await newJob(), await newJob()];
    const answer = await fetched(`/logs/download/${jobId}?task_id=task_${logIdOf(other)}.0.0`);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'VALIDATION_FAILED']);
  });
});

test('a job of another tenant has no log, at no door', async () => {
  const jobId = await newJob('shop');
  await written(jobId, 'of the shop');
  const read = (tenant: string | null) => callAction(service.bus, 'readJobLog', { job_id: jobId }, boundTo(tenant));
  expect(textsOf((await read('shop')).lines)).toEqual(['of the shop']);
  await expect(read('news')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  await expect(callAction(service.bus, 'readLogText', { job_id: jobId }, boundTo('news'))).rejects.toMatchObject({
    code: 'JOB_NOT_FOUND',
  });
});

test('a job of a bundle has its own lines and none of its neighbours', async () => {
  const bundle = `${newJobId().slice(4)}.0`;
  const [one, two] = [bundledJobId(bundle, 0), bundledJobId(bundle, 1)];
  await events.created(0, [events.head(one, 0, { total_tasks: 1 }), events.head(two, 0, { total_tasks: 1 })]);
  runIn(one, '0.0').log('of the first');
  runIn(two, '0.1').log('of the second');
  await sender.settled(10_000);
  await eventually(async () => expect(textsOf((await client().readLog(one)).lines)).toEqual(['of the first']));
  await eventually(async () => expect(textsOf((await client().readLog(two)).lines)).toEqual(['of the second']));
  await callAction(service.bus, 'forgetJobs', { job_ids: [one] });
  expect(textsOf((await client().readLog(two)).lines)).toEqual(['of the second']);
  const kept = await service.store.collection('log_blocks').countDocuments({ _id: { $regex: bundle.slice(0, 36) } as never });
  expect(kept).toBe(1);
});

test('a log that has grown to its bound takes no more, and says so', async () => {
  const jobId = await newJob();
  const run = runIn(jobId);
  const piece = `${'x'.repeat(1_023)}\n`.repeat(512);
  for (let at = 0; at < 24; at += 1) {
    run.output('stdout', piece);
    await sender.settled(10_000);
  }
  const { lines } = await client().readLog(jobId, { stream: 'note', last: 1 });
  expect(textsOf(lines)[0]).toContain('the log of this job is full');
  const { size = 0 } = {
    size: Number((await fetched(`/logs/download/${jobId}`, { 'accept-encoding': 'identity' })).headers.get('content-length')),
  };
  expect(size).toBeLessThan(10 * 1024 * 1024);
});

test('messages that are no lines of logs harm nobody', async () => {
  for (const body of [
    '',
    '{}',
    '{broken\n',
    '\n\n\n',
    JSON.stringify({ v: 1, worker_id: 'w', sequence: 1, again: false, dropped: 0, parts: [] }),
  ]) {
    const answer = await service.bus.ask('kin.logs.lines', body, { timeoutMs: 60_000 });
    expect(answer.json()).toEqual({ taken: true });
  }
  expect(service.faults).toEqual([]);
});

test('a sweep removes the logs of jobs that have ended, and none of a job that runs', async () => {
  const [ended, running] = [await newJob(), await newJob()];
  for (const jobId of [ended, running]) await written(jobId, 'line');
  await events.ended('failed', 1, [ended]);
  await eventually(async () => expect((await service.row(ended))?.status).toBe('failed'));
  const store = new MongoLogStore(service.store);
  const ends = new KnownJobEnds(
    new MongoJobHistory(service.store, [], new MongoHourColumns(service.store)),
    new NatsLiveJobs(service.bus),
  );
  const taking = new TakeLogBatches(store, { jobBytesMax: 1, onStored: () => undefined });
  const bounds = { before: new Date(Date.now() + 60_000), storedBytesMax: 0 };
  const { left } = await new SweepLogs(store, ends, taking).execute(bounds, new AbortController().signal);
  expect(left.logs).toBeGreaterThan(0);
  expect((await client().readLog(ended)).lines).toEqual([]);
  expect(textsOf((await client().readLog(running)).lines)).toEqual(['line']);
});
