// A command is carried out once or kept as a dead letter, and what becomes of it is no other command's concern.
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import type { ConsumerName, StreamName } from '@kintsugi/contracts';
import { applyTopology, headersOf, type Subscription } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { MongoNetworkError } from 'mongodb';
import { v7 as uuidv7 } from 'uuid';
import { CommandConsumer } from '../../../apps/job-service/src/inbox/nats/command.consumer.js';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const consumer: ConsumerName = 'job-service-commands';
const poison = 'poison';
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

afterEach(async () => {
  jest.restoreAllMocks();
  for (const subscription of listening.splice(0)) subscription.unsubscribe();
  await service.store.collection('dead_letters').deleteMany({});
});

interface Letter {
  _id: string;
  reason: string;
  consumer: string;
  message_id: string | null;
  stream_sequence: number;
  payload: string;
  problem: { detail: string };
}

async function deadLetters(): Promise<Letter[]> {
  return service.store.collection<Letter>('dead_letters').find().sort({ _id: 1 }).toArray();
}

/** Everything that is answered on a subject. */
function answersOn(subject: string): { code?: string; job_id?: string }[] {
  const answers: { code?: string; job_id?: string }[] = [];
  listening.push(service.bus.subscribe(subject, (message) => void answers.push(message.json())));
  return answers;
}

async function publish(payload: unknown, headers: Record<string, string> = {}): Promise<void> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  await service.bus.js.publish('kin.cmd.createJob', text, { headers: headersOf(headers) });
}

/** Has the service fail at poisoned jobs with an error that nobody expected; gives the product ids of all it was asked for. */
function failAtPoison(): string[] {
  const { acceptJob } = service.parts;
  const create = acceptJob.create.bind(acceptJob);
  const asked: string[] = [];
  jest.spyOn(acceptJob, 'create').mockImplementation(async (job, origin) => {
    asked.push(job.head.product_id);
    if (job.head.product_id === poison) throw new TypeError('Nobody thought of this.');
    return create(job, origin);
  });
  return asked;
}

it('that fails by an unexpected fault is tried five times and then kept; its neighbours are carried out and told once', async () => {
  const asked = failAtPoison();
  const [poisoned, fine, broken] = ['poisoned', 'fine', 'broken'].map((name) => answersOn(`answers.${name}`));
  await Promise.all([
    publish({ ...good, product_id: poison, tasks: [{ payload: 'x'.repeat(100_000) }] }, { 'Kin-Reply-To': 'answers.poisoned' }),
    ...Array.from({ length: 20 }, (_, number) =>
      publish({ ...good, product_id: `fine ${number}` }, { 'Kin-Reply-To': 'answers.fine' }),
    ),
    ...Array.from({ length: 5 }, () => publish('{broken', { 'Kin-Reply-To': 'answers.broken' })),
  ]);
  await eventually(() => expect([fine?.length, broken?.length]).toEqual([20, 5]));
  await eventually(() => expect(poisoned).toMatchObject([{ code: 'INTERNAL' }]));
  expect([fine?.length, broken?.length]).toEqual([20, 5]);
  expect(asked.filter((product) => product === poison)).toHaveLength(5);
  expect(asked.filter((product) => product !== poison)).toHaveLength(20);
  expect((await deadLetters()).map(({ reason }) => reason).sort()).toEqual([
    'INTERNAL',
    ...Array<string>(5).fill('JSON_INVALID'),
  ]);
  // It could be sent again.
  const [givenUp] = (await deadLetters()).filter(({ reason }) => reason === 'INTERNAL');
  expect(JSON.parse(givenUp?.payload ?? '')).toMatchObject({ product_id: poison });
  expect(await service.counted('kintsugi_dead_letters_total', { reason: 'INTERNAL' })).toBe(1);
  const { num_ack_pending: left } = await (await service.bus.manager()).consumers.info('COMMANDS', consumer);
  expect(left).toBe(0);
});

it('that fails by a fault which passes is carried out then', async () => {
  const { acceptJob } = service.parts;
  jest.spyOn(acceptJob, 'create').mockRejectedValueOnce(new TypeError('Only once.'));
  const answers = answersOn('answers.passing');
  await publish(good, { 'Kin-Reply-To': 'answers.passing' });
  await eventually(() => expect(answers).toMatchObject([{ job_id: expect.stringMatching(/^job_/) }]));
  expect(await deadLetters()).toEqual([]);
});

it('that fails while the database is away is tried for as long as it takes, and no try of these counts', async () => {
  const create = jest.spyOn(service.parts.acceptJob, 'create');
  for (let time = 1; time <= 5; time += 1) create.mockRejectedValueOnce(new MongoNetworkError('The database is away.'));
  for (let time = 1; time <= 2; time += 1) create.mockRejectedValueOnce(new TypeError('Only twice.'));
  const answers = answersOn('answers.away');
  await publish(good, { 'Kin-Reply-To': 'answers.away' });
  const receipt = { job_id: expect.stringMatching(/^job_/) };
  await eventually(() => expect(answers).toMatchObject([receipt]));
  expect(create).toHaveBeenCalledTimes(8);
  expect(await deadLetters()).toEqual([]);
});

it('that is delivered again after it was given up is one dead letter, counted once', async () => {
  const keep = jest.spyOn(service.parts.deadLetters, 'keep');
  // It is kept and counted, and the broker is never told.
  const answer = jest.spyOn(CommandConsumer.prototype, 'answer' as never) as unknown as jest.Spied<() => void>;
  answer.mockImplementationOnce(() => {
    throw new Error('The connection has ended.');
  });
  const counted = await service.counted('kintsugi_dead_letters_total');
  const answers = answersOn('answers.again');
  await publish('{again', { 'Kin-Reply-To': 'answers.again' });
  await eventually(() => expect(answers).toHaveLength(1));
  expect(keep.mock.calls.filter(([kept]) => kept.length > 0)).toHaveLength(2);
  expect(await deadLetters()).toHaveLength(1);
  expect(await service.counted('kintsugi_dead_letters_total')).toBe(counted + 1);
});

it('waits with the broker while others are carried out, so that memory stays bounded, and is carried out then', async () => {
  const { acceptJob } = service.parts;
  const create = acceptJob.create.bind(acceptJob);
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const asked: string[] = [];
  jest.spyOn(acceptJob, 'create').mockImplementation(async (job, origin) => {
    asked.push(job.head.product_id);
    await released;
    return create({ ...job, lines: ['{}'] }, origin);
  });
  const { consumers } = await service.bus.manager();
  const tasks = Array.from({ length: 16 }, () => ({ payload: 'x'.repeat(64 * 1024) }));
  const count = 300;
  for (let number = 0; number < count; number += 1) await publish({ ...good, product_id: `large ${number}`, tasks });
  const { num_ack_pending: held } = await consumers.info('COMMANDS', consumer);
  expect(held).toBeGreaterThan(8);
  expect(held).toBeLessThanOrEqual(32);
  expect(asked.length).toBeLessThanOrEqual(8);
  release();
  await eventually(async () => {
    const { num_ack_pending: unsettled, num_pending: left } = await consumers.info('COMMANDS', consumer);
    expect([unsettled, left]).toEqual([0, 0]);
  });
  expect(asked).toHaveLength(count);
  expect(new Set(asked).size).toBe(count);
});

it('that cannot be kept as a dead letter yet is kept and told once it can', async () => {
  const keep = jest.spyOn(service.parts.deadLetters, 'keep').mockRejectedValueOnce(new Error('The disk is full.'));
  const answers = answersOn('answers.kept');
  await publish('{broken', { 'Kin-Reply-To': 'answers.kept' });
  await eventually(() => expect(answers).toHaveLength(1));
  expect(keep.mock.calls.filter(([kept]) => kept.length > 0)).toHaveLength(2);
  expect(await deadLetters()).toHaveLength(1);
});

it('whose answer can be published nowhere is carried out once all the same', async () => {
  const create = jest.spyOn(service.parts.acceptJob, 'create');
  await publish(good, { 'Kin-Reply-To': 'no subject at all' });
  const answers = answersOn('answers.behind');
  await publish(good, { 'Kin-Reply-To': 'answers.behind' });
  await eventually(() => expect(answers).toHaveLength(1));
  const manager = await service.bus.manager();
  await eventually(async () => {
    expect((await manager.consumers.info('COMMANDS', consumer)).num_ack_pending).toBe(0);
  });
  expect(create).toHaveBeenCalledTimes(2);
});

it('refused a second time under one Nats-Msg-Id and at the same place leaves the letter of the first as it is', async () => {
  const headers = { 'Nats-Msg-Id': uuidv7() };
  const manager = await service.bus.manager();
  for (const payload of ['{first', '{second']) {
    // A stream that was lost and made anew knows no message of before, and counts from one again.
    await manager.streams.delete('COMMANDS' satisfies StreamName);
    await applyTopology(service.bus);
    await publish(payload, headers);
    await eventually(async () => expect((await deadLetters()).map((letter) => letter.payload)).toContain(payload));
  }
  const kept = await deadLetters();
  expect(kept.map(({ payload }) => payload).sort()).toEqual(['{first', '{second']);
  const alike = { message_id: headers['Nats-Msg-Id'], stream_sequence: 1, consumer };
  expect(kept).toMatchObject([alike, alike]);
});
