import { describe, expect, test } from '@jest/globals';
import type { Jitter } from '@kintsugi/contracts';
import { retryDelayMs } from './retry-delay.js';

/** As the published simulation has it (aws-samples/aws-arch-backoff-simulator): clients that write one row, each until it succeeds. */
const backoff = { initial_delay: 5, max_delay: 2_000, backoff_factor: 2 };
const runs = 40;

/** mulberry32: the same numbers at each run of the spec. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Message {
  at: number;
  kind: 'read' | 'read_answer' | 'write' | 'write_answer';
  client: number;
  version: number;
}

/** The time that all clients need, and the writes that they make, on average. */
function simulated(clients: number, jitter: Jitter | 'no backoff'): { time: number; calls: number } {
  const random = seeded(1);
  const network = (): number => {
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.abs(10 + 2 * gauss);
  };
  let [time, calls] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const attempts = new Array<number>(clients).fill(0);
    const queue: Message[] = attempts.map((_, client) => ({ at: network(), kind: 'read', client, version: 0 }));
    let version = 0;
    for (let now = 0; queue.length > 0; time += queue.length === 0 ? now : 0) {
      const next = queue.reduce((first, message) => (message.at < first.at ? message : first));
      queue.splice(queue.indexOf(next), 1);
      now = next.at;
      const { client } = next;
      const send = (kind: Message['kind'], seen: number, waitMs = 0): number =>
        queue.push({ at: now + network() + waitMs, kind, client, version: seen });
      if (next.kind === 'read') send('read_answer', version);
      if (next.kind === 'read_answer') send('write', next.version);
      if (next.kind === 'write') {
        calls += 1;
        const isCurrent = next.version === version;
        if (isCurrent) version += 1;
        send('write_answer', isCurrent ? 1 : 0);
      }
      if (next.kind === 'write_answer' && next.version === 0) {
        const retryNumber = (attempts[client] = (attempts[client] ?? 0) + 1);
        // The published formula doubles before the first retry.
        const request = { backoff, retryNumber: retryNumber + 1, retryAfterMs: null, retryAfterMax: 0 };
        send('read', 0, jitter === 'no backoff' ? 0 : retryDelayMs({ ...request, jitter }, random()) / 1_000);
      }
    }
  }
  return { time: time / runs, calls: calls / runs };
}

describe('the jitters, in the published simulation of 100 clients', () => {
  const none = simulated(100, 'no backoff');
  const exponential = simulated(100, 'none');
  const full = simulated(100, 'full');

  test.each<[string, () => { time: number; calls: number }, { time: number; calls: number }]>([
    ['no backoff', () => none, { time: 2_033, calls: 2_425 }],
    ['exponential without jitter', () => exponential, { time: 63_873, calls: 1_857 }],
    ['equal', () => simulated(100, 'equal'), { time: 6_776, calls: 812 }],
    ['full', () => full, { time: 4_861, calls: 797 }],
  ])('%s: the reference numbers come out, but for what chance does in 40 runs', (_name, measured, reference) => {
    const { time, calls } = measured();
    expect(Math.abs(time / reference.time - 1)).toBeLessThan(0.06);
    expect(Math.abs(calls / reference.calls - 1)).toBeLessThan(0.06);
  });

  test('full jitter needs less than half the calls of none, and less than a tenth of the time of bare backoff', () => {
    expect(full.calls).toBeLessThan(none.calls / 2);
    expect(full.time).toBeLessThan(exponential.time / 10);
  });
});

test('10,000 delays of full jitter are spread evenly, by the test of Kolmogorov and Smirnov', () => {
  const random = seeded(7);
  const request = { backoff, retryNumber: 5, jitter: 'full' as const, retryAfterMs: null, retryAfterMax: 0 };
  const delays = Array.from({ length: 10_000 }, () => retryDelayMs(request, random()) / 80_000).sort((one, other) => one - other);
  const distance = Math.max(...delays.map((delay, index) => Math.max((index + 1) / 10_000 - delay, delay - index / 10_000)));
  // The critical distance at a level of 0.01.
  expect({ isEven: distance < 1.628 / Math.sqrt(10_000) }).toEqual({ isEven: true });
});
