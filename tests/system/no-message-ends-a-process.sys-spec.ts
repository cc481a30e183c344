// No message ends a process: after 100,000 seeded mutations on every subject the same processes live, answer and run a job.
// TEST_MUTATIONS says how many, TEST_SEED which.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { consumers, subjects, type ActionName, type Inventory } from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
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
/** No promise of speed: a slow and busy machine takes ten minutes for the half of it. */
const timeoutMs = 20 * 60_000;
const names = ['job-service', 'recovery-service', 'metrics-service', 'pool-agent', 'gateway', 'worker-1'];

let under: PlatformUnderTest;
let bus: Bus;
let socket: Socket;
let pongs = 0;
const ended: string[] = [];

beforeAll(async () => {
  under = await PlatformUnderTest.start({
    environment: { NODE_OPTIONS: `--max-old-space-size=${heapMiB}`, POOL_ALLOWED_URLS: 'git://127.0.0.1:9/*' },
    onEvent: (event) => void (event.kind === 'ended' && ended.push(JSON.stringify(event))),
  });
  bus = await Bus.connect({ servers: under.platform.urls.nats, name: 'test' });
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
  await bus?.close();
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
  expect(await under.ended(job.job_id)).toMatchObject({ status: 'completed', task_counts: { succeeded: tasks } });
}

/** Waits until each service has dealt with what it was sent before, and so answers. */
async function allAnswer(): Promise<void> {
  const questions = ['listRetryConfigs', 'listJobs', 'checkTasks'] as const satisfies ActionName[];
  const asked = {
    listRetryConfigs: {},
    listJobs: { limit: 1 },
    checkTasks: { task_ids: ['task_01890a5d-ac96-774b-bcce-b302099a8057.0.0'] },
  };
  const ask = (action: (typeof questions)[number]) => callAction(bus, action, asked[action], { timeoutMs: 60_000 });
  await Promise.all(questions.map((action) => eventually(() => ask(action))));
}

/** Waits until every durable consumer has dealt with all that it was sent. */
async function untilHandled(): Promise<void> {
  const manager = await bus.manager();
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
  const subscription = bus.subscribe(subjects.inventories, (message) => inventories.push(message.json()));
  const [first] = await eventually(() => {
    expect(inventories.length).toBeGreaterThan(0);
    return inventories;
  });
  subscription.unsubscribe();
  return (first as Inventory).worker_id;
}

test(
  `${count} mutated messages of the seed ${seed} end no process, and the platform works on`,
  async () => {
    await runsAJob(10);
    const before = pids();
    expect(before.map(({ length }) => length)).toEqual(names.map(() => 1));
    const inboxes: string[] = [];
    bus.subscribe('_INBOX.>', ({ subject }) => {
      inboxes.push(subject);
      if (inboxes.length > 64) inboxes.shift();
    });
    const mutations = new Mutations(seed, samplesFor(await workerId()));
    for (let sent = 0; sent < count; sent += batch) {
      await send(
        Array.from({ length: Math.min(batch, count - sent) }, () => mutations.next(sent < count * forgedFrom ? [] : inboxes)),
      );
      await allAnswer();
      expect(ended).toEqual([]);
    }
    await runsAJob(100);
    await untilHandled();
    expect(ended).toEqual([]);
    expect(pids()).toEqual(before);
  },
  timeoutMs,
);
