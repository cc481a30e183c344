import { expect, test } from '@jest/globals';
import { subjects } from '@kintsugi/contracts';
import type { Bus, Msg } from '@kintsugi/messaging';
import { NatsStrategy } from './nats-strategy.js';
import { Turns, atOnceBytesMax } from './turns.js';

type Listener = (message: Msg) => unknown;

const subject = subjects.request('metrics', 'listJobs');

async function listening(onRead: () => void): Promise<Listener> {
  const listeners = new Map<string, Listener>();
  const bus = {
    subscribe: (name: string, listener: Listener) => listeners.set(name, listener),
    flush: () => Promise.resolve(),
  };
  const onFault = (error: unknown): never => {
    throw error;
  };
  const strategy = new NatsStrategy({ bus: bus as unknown as Bus, queue: 'test', onFault, turns: new Turns() });
  strategy.addHandler(subject, async () => onRead());
  await strategy.listen((error) => {
    if (error) throw error;
  });
  return listeners.get(subject) as Listener;
}

function requestOf(bytes: number): Msg {
  return { subject, data: Buffer.from(JSON.stringify({ text: 'x'.repeat(bytes) })), respond: () => true } as unknown as Msg;
}

test('of large requests that came together, one is read in a turn of the loop', async () => {
  let read = 0;
  const listen = await listening(() => (read += 1));
  const perTurn: number[] = [];
  let [seen, running] = [0, true];
  const count = (): void => {
    perTurn.push(read - seen);
    seen = read;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  await Promise.all(Array.from({ length: 5 }, () => listen(requestOf(atOnceBytesMax))));
  running = false;
  expect(read).toBe(5);
  expect(Math.max(...perTurn)).toBe(1);
});

test('a small request waits for no turn', async () => {
  let read = 0;
  const listen = await listening(() => (read += 1));
  const answered = listen(requestOf(10)) as Promise<void>;
  await Promise.resolve();
  expect(read).toBe(1);
  await answered;
});
