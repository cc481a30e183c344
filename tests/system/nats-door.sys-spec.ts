// A producer with any NATS client hands in jobs and follows them; what is malformed is kept with its reason and answered.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { connect, headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest } from './platform-under-test.js';

let under: PlatformUnderTest;
let nats: NatsConnection;
let mongo: MongoClient;

const good = { product_id: 'p', sending_group_id: 'g', type: 'test.deliver', tasks: [{ id: 'one', payload: { number: 1 } }] };

beforeAll(async () => {
  under = await PlatformUnderTest.start();
  nats = await connect({ servers: under.platform.urls.nats });
  mongo = await MongoClient.connect(under.platform.urls.mongo);
});

afterAll(async () => {
  await nats.close();
  await mongo.close();
  await under.stop();
});

/** Everything that arrives on a subject, as text. */
function gather(subject: string): string[] {
  const texts: string[] = [];
  nats.subscribe(subject, { callback: (_, message) => void texts.push(message.string()) });
  return texts;
}

async function deadLetters(): Promise<Record<string, unknown>[]> {
  return mongo.db('kintsugi_jobs').collection('dead_letters').find().toArray();
}

describe('a producer', () => {
  test("publishes createJob, gets the broker's receipt, and sees the job through its events", async () => {
    const events: { subject: string; type: string | undefined; data: { jobs: { job_id: string }[] } }[] = [];
    nats.subscribe('kin.evt.job.>', {
      callback: (_, message) =>
        void events.push({ subject: message.subject, type: message.headers?.get('ce-type'), data: message.json() }),
    });
    const receipt = await jetstream(nats).publish('kin.cmd.createJob', JSON.stringify(good));
    expect(receipt).toMatchObject({ stream: 'COMMANDS', duplicate: false });
    await eventually(() => expect(events.map(({ subject }) => subject)).toContain('kin.evt.job.completed'));
    const completed = events.find(({ subject }) => subject === 'kin.evt.job.completed');
    expect(completed?.type).toBe('kintsugi.job.completed.v1');
    const id = completed?.data.jobs[0]?.job_id ?? '';
    expect(await under.job(id)).toMatchObject({ status: 'completed', user_id: 'nats' });
  });

  test('gets its job id where it names a subject for the answer', async () => {
    const answers = gather('answers.here');
    nats.publish('kin.cmd.createJob', JSON.stringify(good), { headers: headersOf({ 'Kin-Reply-To': 'answers.here' }) });
    await eventually(() => expect(answers).toHaveLength(1));
    expect(JSON.parse(answers[0] as string)).toMatchObject({
      job_id: expect.stringMatching(/^job_/),
      status: 'pending',
      replayed: false,
    });
  });

  test('waits for the stored answer as the documentation says', async () => {
    const [program = ''] = readFileSync('docs/nats.md', 'utf8').match(/(?<=```js\n)[^`]*my\.stored\.answers[^`]*(?=```)/) ?? [];
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env: { PATH: process.env['PATH'], NATS_URL: under.platform.urls.nats },
    });
    const [id = ''] = /job_[0-9a-f-]+(?:\.\d+)?/.exec(stdout) ?? [];
    expect(await under.job(id)).toMatchObject({ product_id: 'spring', user_id: 'nats' });
  });

  test('makes one job of a message whose copy the broker does not know any more, for seven days', async () => {
    const answers = gather('answers.later');
    const headers = { 'Nats-Msg-Id': 'once-for-good', 'Kin-Reply-To': 'answers.later' };
    const job = JSON.stringify({ ...good, product_id: 'once-for-good' });
    const publish = () => jetstream(nats).publish('kin.cmd.createJob', job, { headers: headersOf(headers) });
    await publish();
    await eventually(() => expect(answers).toHaveLength(1));
    // The stream is made anew and has forgotten everything.
    await (await jetstreamManager(nats)).streams.delete('COMMANDS');
    expect(await eventually(publish)).toMatchObject({ duplicate: false });
    await eventually(() => expect(answers).toHaveLength(2));
    const [first, second] = answers.map((text) => JSON.parse(text) as { job_id: string });
    expect(second).toMatchObject({ job_id: first?.job_id, replayed: true });
    const record = mongo.db('kintsugi_jobs');
    expect(await record.collection('chunks').countDocuments({ 'jobs.product_id': 'once-for-good' })).toBe(1);
    const expiries = (await record.collection('idempotency_keys').indexes()).map(
      (index) => index['expireAfterSeconds'] as unknown,
    );
    expect(expiries).toContain(7 * 24 * 3600);
  });

  test('makes one job of a message that it publishes twice under one id', async () => {
    const answers = gather('answers.twice');
    const headers = { 'Nats-Msg-Id': 'only-once', 'Kin-Reply-To': 'answers.twice' };
    const stream = jetstream(nats);
    await stream.publish('kin.cmd.createJob', JSON.stringify(good), { headers: headersOf(headers) });
    const second = await stream.publish('kin.cmd.createJob', JSON.stringify(good), { headers: headersOf(headers) });
    expect(second.duplicate).toBe(true);
    await eventually(() => expect(answers).toHaveLength(1));
  });

  test('may ask and be answered at once instead', async () => {
    const reply = await nats.request('kin.req.job.createJob', JSON.stringify(good), { timeout: 60_000 });
    expect(reply.json()).toMatchObject({ job_id: expect.stringMatching(/^job_/) });
    const refused = await nats.request('kin.req.job.createJob', '{"product_id": 7}', { timeout: 60_000 });
    expect(refused.headers?.get('Kin-Problem')).toBe('VALIDATION_FAILED');
  });
});

describe('a malformed command', () => {
  const cases: [string, string | Uint8Array, { code: string; path?: string }][] = [
    ['that is no JSON', '{"product_id":', { code: 'JSON_INVALID' }],
    ['of a wrong type', JSON.stringify({ ...good, priority: 'high' }), { code: 'VALIDATION_FAILED', path: 'data.priority' }],
    ['with an unknown field', JSON.stringify({ ...good, colour: 'red' }), { code: 'VALIDATION_FAILED', path: 'data.colour' }],
    [
      'without a required field',
      JSON.stringify({ product_id: 'p' }),
      { code: 'VALIDATION_FAILED', path: 'data.sending_group_id' },
    ],
    ['that is not UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), { code: 'ENCODING_INVALID' }],
    ['nested too deep', `{"product_id":${'['.repeat(50)}${']'.repeat(50)}}`, { code: 'JSON_TOO_DEEP' }],
    [
      'with two tasks of one id',
      JSON.stringify({ ...good, tasks: [{ id: 'a' }, { id: 'a' }] }),
      { code: 'TASK_ID_DUPLICATE', path: 'data.tasks[1].id' },
    ],
  ];

  test.each(cases)('%s is answered with its code and path, and kept as a dead letter', async (_, payload, { code, path }) => {
    const inbox = `_INBOX.malformed.${code}.${cases.findIndex(([, other]) => other === payload)}`;
    const answers = gather(inbox);
    nats.publish('kin.cmd.createJob', payload, { reply: inbox });
    const problem = await eventually(() => {
      const found = answers
        .map((text) => JSON.parse(text) as { code?: string; errors?: { path: string }[] })
        .find((answer) => answer.code);
      expect(found?.code).toBe(code);
      return found;
    });
    if (path) expect(problem?.errors?.[0]?.path).toBe(path);
    const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload);
    const letters = await eventually(async () => {
      const found = (await deadLetters()).filter((letter) => letter['payload'] === text);
      expect(found).toHaveLength(1);
      return found;
    });
    expect(letters[0]).toMatchObject({ subject: 'kin.cmd.createJob', reason: code });
  });

  test('of no known name is kept as well, and the good ones behind it go on', async () => {
    const answers = gather('answers.behind');
    nats.publish('kin.cmd.createJobb', '{}');
    nats.publish('kin.cmd.createJob', JSON.stringify(good), { headers: headersOf({ 'Kin-Reply-To': 'answers.behind' }) });
    await eventually(() => expect(answers).toHaveLength(1));
    await eventually(async () => expect((await deadLetters()).some(({ reason }) => reason === 'ACTION_UNKNOWN')).toBe(true));
  });
});

describe('a flood of malformed commands', () => {
  test('harms nobody', async () => {
    const stream = jetstream(nats);
    await Promise.all(Array.from({ length: 300 }, (_, number) => stream.publish('kin.cmd.createJob', `broken ${number}`)));
    const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: [{ payload: 1 }] });
    expect(await under.ended(id)).toMatchObject({ status: 'completed' });
    await eventually(async () => {
      const broken = (await deadLetters()).filter(({ payload }) => String(payload).startsWith('broken'));
      expect(broken).toHaveLength(300);
    });
  });
});

function headersOf(values: Record<string, string>): MsgHdrs {
  const made = headers();
  for (const [name, value] of Object.entries(values)) made.set(name, value);
  return made;
}
