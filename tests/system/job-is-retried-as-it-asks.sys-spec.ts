// A job that says how its failures are retried goes before the policies, whichever way it came; others keep to theirs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient, type Client } from '@kintsugi/client';
import { eventually } from '@kintsugi/testing';
import { runCommand } from '../command-line.js';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

const retry_config = { max_attempts: 2, retry_interval: 0, retry_on_errors: ['smtp.451', 'net.*'] };
const job = { product_id: 'product', sending_group_id: 'group', type: 'test.deliver', retry_config };
const task = { id: 'only', payload: {} };

let under: PlatformUnderTest;
let nats: NatsConnection;
let client: Client;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kintsugi-retried-'));
  under = await PlatformUnderTest.start({ environment: { RETRY_WAIT_SECONDS: '0.1', RETRY_JITTER: 'none' } });
  nats = await connect({ servers: under.platform.urls.nats });
  client = createClient({ baseUrl: under.platform.urls.api });
  under.sink.verdict = () => ({ fail: 'always' });
});

afterAll(async () => {
  await nats?.close();
  await under?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Hands a command in over NATS and gives the job's id. */
async function command(data: object): Promise<string> {
  const inbox = nats.subscribe('answers.retried', { max: 1 });
  const asking = headers();
  asking.set('Kin-Reply-To', 'answers.retried');
  nats.publish('kin.cmd.createJob', JSON.stringify(data), { headers: asking });
  for await (const answer of inbox) return answer.json<{ job_id: string }>().job_id;
  throw new Error('There was no answer.');
}

/** Hands a file in by the command line and gives the job's id. */
async function submit(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const run = await runCommand(['submit', file, '--url', under.platform.urls.api, '--json']);
  expect(run).toMatchObject({ code: 0 });
  return (JSON.parse(run.stdout) as { job_id: string }).job_id;
}

const lines = (...values: unknown[]): string => values.map((value) => JSON.stringify(value)).join('\n');

test.each<[string, number, () => Promise<string>]>([
  ['by HTTP with one task', 1, async () => (await under.createJob({ ...job, tasks: [task] })).job_id],
  ['by HTTP with many tasks', 40, async () => (await under.createJob({ ...job, tasks: numberedTasks(40) })).job_id],
  ['by HTTP as NDJSON', 3, async () => (await under.upload(job, numberedTasks(3))).job_id],
  ['by HTTP, planned by its handler', 2, async () => (await under.createJob({ ...job, labels: { tasks: '2' } })).job_id],
  ['over NATS with one task', 1, () => command({ ...job, tasks: [task] })],
  ['over NATS with many tasks', 3, () => command({ ...job, tasks: numberedTasks(3) })],
  ['by a file of the command line', 1, () => submit('job.json', JSON.stringify({ ...job, tasks: [task] }))],
  ['by a file of lines of the command line', 2, () => submit('job.ndjson', lines(job, ...numberedTasks(2)))],
  ['by the client with one task', 1, async () => (await client.createJob({ ...job, tasks: [task] })).job_id],
])('%s: each task is run as often as the job says, and the record says that the job said so', async (_door, count, handIn) => {
  const id = await handIn();
  const dead = await under.until(id, (ended) => expect(ended).toMatchObject({ status: 'failed', task_counts: { dead: count } }));
  expect(dead.retry_config).toEqual(retry_config);
  expect(new Set((await under.tasks(id)).map(({ attempts }) => attempts))).toEqual(new Set([2]));
  await eventually(async () => {
    const records = await under.errors(id);
    expect(records).toHaveLength(count);
    expect(records[0]?.decision).toEqual([
      ...['policy: of the job and the default', expect.stringContaining('terminal class: no'), 'job cancelled: no'],
      ...[expect.stringContaining('safety:'), 'attempts left: none of 2'],
    ]);
  });
});

test('what it does not name is not retried, and a job beside it is retried as the policies say', async () => {
  const others = { ...retry_config, retry_on_errors: ['smtp.*'] };
  const [named, free] = await Promise.all([
    under.createJob({ ...job, retry_config: others, tasks: [task] }),
    under.createJob({ type: 'test.deliver', tasks: [task] }),
  ]);
  await under.until(named.job_id, ({ task_counts }) => expect(task_counts['dead']).toBe(1));
  await under.until(free.job_id, ({ task_counts }) => expect(task_counts['dead']).toBe(1));
  expect((await under.tasks(named.job_id))[0]?.attempts).toBe(1);
  expect((await under.tasks(free.job_id))[0]?.attempts).toBe(4);
  await eventually(async () => {
    expect((await under.errors(named.job_id))[0]?.decision.at(-1)).toBe('retry_on_errors: does not name net.reset');
    expect((await under.errors(free.job_id))[0]?.decision[0]).toBe('policy: of the default');
  });
});

test('a policy that is set for the error type does not go before the job, and says how its waits grow', async () => {
  const config = {
    error_type: 'net.reset',
    max_attempts: 9,
    initial_delay: 600,
    max_delay: 600,
    backoff_factor: 1,
    retry_conditions: [],
  };
  await under.operate('/error-operations', 'configureRetry', { error_type: 'net.reset', config });
  const { job_id: id } = await under.createJob({ ...job, tasks: [task] });
  await under.until(id, ({ task_counts }) => expect(task_counts['dead']).toBe(1));
  expect((await under.tasks(id))[0]?.attempts).toBe(2);
  await eventually(async () => expect((await under.errors(id))[0]?.decision[0]).toBe('policy: of the job and net.reset'));
});
