import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { ApiCaller } from './api-caller.js';
import { followJob } from './follow-job.js';

let calls: AbortSignal[];
let say: (text: string) => void;
const api = {
  send: ({ signal }: { signal: AbortSignal }) => {
    calls.push(signal);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        say = (text) => controller.enqueue(new TextEncoder().encode(text));
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
    });
    return Promise.resolve({ body });
  },
} as unknown as ApiCaller;

beforeEach(() => {
  jest.useFakeTimers();
  calls = [];
});

afterEach(() => void jest.useRealTimers());

/** Lets promises go on that wait for nothing else. */
async function turn(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}

test('a pause of the client is not taken for the silence of the server', async () => {
  const events = followJob(api, 'job');
  const next = events.next();
  await turn();
  const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 600_000);
  jest.advanceTimersByTime(45_000);
  late.mockRestore();
  say('id: 1\nevent: snapshot\ndata: {"status":"running"}\n\n');
  expect((await next).value).toMatchObject({ event: 'snapshot' });
  expect(calls).toHaveLength(1);
  await events.return();
});

test('a server that says nothing is asked anew', async () => {
  const events = followJob(api, 'job');
  void events.next();
  for (let second = 0; second < 60; second += 1) {
    jest.advanceTimersByTime(1_000);
    await turn();
  }
  expect(calls.length).toBeGreaterThan(1);
  expect(calls[0]?.aborted).toBe(true);
});

test('those that lose a server in one moment do not all come back in one', async () => {
  const cameBackAt = new Set<number>();
  for (const chance of [0, 0.25, 0.5, 0.75, 0.99]) {
    calls = [];
    const random = jest.spyOn(Math, 'random').mockReturnValue(chance);
    const events = followJob(api, 'job');
    const next = events.next();
    next.catch(() => undefined);
    await turn();
    say('event: closing\nretry: 1000\ndata: {}\n\n');
    await turn();
    let waitedMs = 0;
    for (; calls.length < 2 && waitedMs < 2_000; waitedMs += 10) {
      jest.advanceTimersByTime(10);
      await turn();
    }
    expect(calls).toHaveLength(2);
    cameBackAt.add(waitedMs);
    random.mockRestore();
  }
  expect(cameBackAt.size).toBe(5);
});
