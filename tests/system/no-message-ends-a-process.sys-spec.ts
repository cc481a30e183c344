// No message ends a process: after 100,000 seeded mutations on every subject the same processes live, answer and run a job.
// TEST_MUTATIONS says how many, TEST_SEED which.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect as connectToNats, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { consumers, subjects, type Inventory } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { Mutations, type RawMessage } from './message-mutations.js';
import { samplesFor } from './message-samples.js';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

const count = Number(process.env['TEST_MUTATIONS'] ?? 100_000);
const seed = Number(process.env['TEST_SEED'] ?? 7);
const batch = 1_000;
/** Share of the messages after which some go to where answers are awaited, which no reader has much from any more. */
const forgedFrom = 0.9;
/** MiB of each process's heap: one that kept a part of every message would end for want of more. */
const heapMiB = 160;
const names = ['job-service', 'recovery-service', 'metrics-service', 'gateway', 'worker-1'];

let under: PlatformUnderTest;
let nats: NatsConnection;
let socket: Socket;
let pongs = 0;
const ended: string[] = [];

beforeAll(async () => {
  under = await PlatformUnderTest.start({
    environment: { NODE_OPTIONS: `--max-old-space-size=${heapMiB}` },
    onEvent: (event) => void (event.kind === 'ended' && ended.push(JSON.stringify(event))),
  });
  nats = await connectToNats({ servers: under.platform.urls.nats });
  const { hostname, port } = new URL(under.platform.urls.nats);
  socket = connect(Number(port), hostname);
  socket.on('data', (data) => {
    const text = data.toString('latin1');
    pongs += text.split('PONG').length - 1;
    if (text.includes('PING')) socket.write('PONG\r\n');
  });
  socket.write('CONNECT {"verbose":false,"pedantic":false,"headers":true}\r\n');
});

afterAll(async () => {
  socket?.destroy();
  await nats?.close();
  await under?.stop();
});

const pids = () => names.map((name) => under.platform.pids(name));

function framed({ subject, reply, headers, body }: RawMessage): Buffer {
  const head = Buffer.from(headers, 'utf8');
  const to = `${subject} ${reply}`.trim();
  const sizes = head.length > 0 ? `${head.length} ${head.length + body.length}` : `${body.length}`;
  return Buffer.concat([Buffer.from(`${head.length > 0 ? 'HPUB' : 'PUB'} ${to} ${sizes}\r\n`), head, body, Buffer.from('\r\n')]);
}

/** Sends messages and waits until the broker has taken them. */
async function send(messages: readonly RawMessage[]): Promise<void> {
  const answered = pongs + 1;
  socket.write(Buffer.concat([...messages.map(framed), Buffer.from('PING\r\n')]));
  while (pongs < answered) await once(socket, 'data');
}

async function runsAJob(tasks: number): Promise<void> {
  const job = await eventually(() => under.createJob({ type: 'test.deliver', tasks: numberedTasks(tasks) }));
  expect(await under.ended(job.job_id, 120_000)).toMatchObject({ status: 'completed', task_counts: { succeeded: tasks } });
}

/** Waits until every durable consumer has dealt with all that it was sent. */
async function untilHandled(): Promise<void> {
  const manager = await jetstreamManager(nats);
  for (const [name, { stream }] of Object.entries(consumers)) {
    await eventually(
      async () => {
        const { num_pending: unread, num_ack_pending: held } = await manager.consumers.info(stream, name);
        expect({ name, left: unread + held }).toEqual({ name, left: 0 });
      },
      { timeoutMs: 240_000 },
    );
  }
}

async function workerId(): Promise<string> {
  const inventories: Inventory[] = [];
  const subscription = nats.subscribe(subjects.inventories, { callback: (_, message) => void inventories.push(message.json()) });
  const [first] = await eventually(() => {
    expect(inventories.length).toBeGreaterThan(0);
    return inventories;
  });
  subscription.unsubscribe();
  return (first as Inventory).worker_id;
}

test(`${count} mutated messages of the seed ${seed} end no process, and the platform works on`, async () => {
  await runsAJob(10);
  const before = pids();
  const inboxes: string[] = [];
  nats.subscribe('>', {
    callback: (_, { subject, reply }) => {
      const inbox = [subject, reply ?? ''].find((place) => place.startsWith('_INBOX.'));
      if (inbox !== undefined) inboxes[Math.floor(inboxes.length < 64 ? inboxes.length : inboxes.length * Math.random())] = inbox;
    },
  });
  const mutations = new Mutations(seed, samplesFor(await workerId()));
  for (let sent = 0; sent < count; sent += batch) {
    await send(
      Array.from({ length: Math.min(batch, count - sent) }, () => mutations.next(sent < count * forgedFrom ? [] : inboxes)),
    );
    expect(ended).toEqual([]);
  }
  await runsAJob(100);
  await untilHandled();
  expect(ended).toEqual([]);
  expect(pids()).toEqual(before);
});
