// The answer to a command goes only where a producer may listen, and what a producer calls its messages is no other door's concern.
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { callAction, headersOf, type Subscription } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const good = { product_id: 'p', sending_group_id: 'g', type: 'nobody.runs.this', tasks: [{}] };

let servers: TestServers;
let service: JobServiceUnderTest;
const listening: Subscription[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

afterEach(() => {
  for (const subscription of listening.splice(0)) subscription.unsubscribe();
});

interface Answer {
  code?: string;
  job_id?: string;
  errors?: { path: string }[];
}

function answersOn(subject: string): Answer[] {
  const answers: Answer[] = [];
  listening.push(service.bus.subscribe(subject, (message) => void answers.push(message.json())));
  return answers;
}

async function publish(job: object, headers: Record<string, string>): Promise<void> {
  await service.bus.js.publish('kin.cmd.createJob', JSON.stringify(job), { headers: headersOf(headers) });
}

it.each([
  'kin.worker.outcomes',
  'kin.cmd.createJob',
  'kin',
  '$JS.API.STREAM.DELETE.EVENTS',
  '$SYS.x',
  'answers.*',
  'a..b',
  'a b',
])('is published nowhere where the subject asked for is %s, and the job is made all the same', async (subject) => {
  const platform = answersOn('kin.worker.outcomes');
  const told = answersOn('answers.after');
  const before = service.faults.length;
  await publish({ ...good, product_id: `asks ${subject}` }, { 'Kin-Reply-To': subject });
  await publish(good, { 'Kin-Reply-To': 'answers.after' });
  await eventually(() => expect(told).toHaveLength(1));
  const jobs = { 'jobs.product_id': `asks ${subject}` };
  await eventually(async () => expect(await service.store.collection('chunks').countDocuments(jobs)).toBe(1));
  expect(platform).toEqual([]);
  expect(service.faults.slice(before).map(String)).toEqual([expect.stringContaining('where no answer may go')]);
});

it.each(['_INBOX.abc', 'shop.answers', 'kinsfolk.answers'])('is published where the subject asked for is %s', async (subject) => {
  const told = answersOn(subject);
  await publish(good, { 'Kin-Reply-To': subject });
  await eventually(() => expect(told).toMatchObject([{ status: 'pending' }]));
});

it('to a malformed command is published nowhere where its reply subject is of the platform', async () => {
  const [platform, inbox] = [answersOn('kin.worker.outcomes'), answersOn('_INBOX.malformed')];
  service.bus.publish('kin.cmd.createJob', '{broken', { reply: 'kin.worker.outcomes' });
  service.bus.publish('kin.cmd.createJob', '{broken', { reply: '_INBOX.malformed' });
  await eventually(() => expect(inbox.filter(({ code }) => code)).toHaveLength(1));
  // The broker's own receipt goes wherever a publisher has it go.
  expect(platform.filter(({ code }) => code)).toEqual([]);
});

it('of one Nats-Msg-Id is never that of an idempotency key of the same words', async () => {
  const told = answersOn('answers.keys');
  const words = 'spring-readers-1';
  const job = await callAction(service.bus, 'createJob', { ...good, idempotency_key: words });
  await publish({ ...good, product_id: 'another' }, { 'Nats-Msg-Id': words, 'Kin-Reply-To': 'answers.keys' });
  await eventually(() => expect(told).toMatchObject([{ replayed: false }]));
  expect(told[0]?.job_id).not.toBe((job as { job_id: string }).job_id);
});

it('of one idempotency key in the data is the same at every door', async () => {
  const told = answersOn('answers.same');
  const job = { ...good, idempotency_key: 'of the data' };
  const made = (await callAction(service.bus, 'createJob', job as never)) as { job_id: string };
  await publish(job, { 'Nats-Msg-Id': 'its own', 'Kin-Reply-To': 'answers.same' });
  await eventually(() => expect(told).toMatchObject([{ job_id: made.job_id, replayed: true }]));
});

it('to another job under a Nats-Msg-Id that was used names the header', async () => {
  const told = answersOn('answers.reused');
  const headers = { 'Nats-Msg-Id': 'used before', 'Kin-Reply-To': 'answers.reused' };
  await publish(good, headers);
  await eventually(() => expect(told).toHaveLength(1));
  // The broker would drop the second one within its window.
  const { streams } = await service.bus.manager();
  await streams.delete('COMMANDS');
  await eventually(() => publish({ ...good, product_id: 'another' }, headers));
  await eventually(() => expect(told).toHaveLength(2));
  expect(told[1]).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', errors: [{ path: 'header.nats-msg-id', got: 'used before' }] });
});
