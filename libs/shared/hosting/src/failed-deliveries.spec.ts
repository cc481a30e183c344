import { beforeEach, describe, expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import type { JsMsg } from '@kintsugi/messaging';
import type { DeadLetter } from '@kintsugi/persistence';
import { FailedDeliveries } from './failed-deliveries.js';

const unreadable = new ProblemError('VALIDATION_FAILED', 'The message is not a CloudEvent 1.0.');
const away = new ProblemError('SERVICE_UNAVAILABLE', 'The database is away.');
const bug = new TypeError('undefined is not a function');

let kept: DeadLetter[];
let storeIsAway: boolean;
let told: string[];
let deliveries: FailedDeliveries;
let settled: string[];

beforeEach(() => {
  [kept, storeIsAway, told, settled] = [[], false, [], []];
  const keep = async (deadLetters: readonly DeadLetter[]): Promise<DeadLetter[]> => {
    if (storeIsAway) throw away;
    const fresh = deadLetters.filter(({ _id }) => kept.every((one) => one._id !== _id));
    kept.push(...fresh);
    return fresh;
  };
  deliveries = new FailedDeliveries({
    deadLetters: { keep },
    onFault: (_error, { subject }) => told.push(`fault ${subject}`),
    onKept: (reason) => told.push(`kept ${reason}`),
    onGivenUp: ({ seq }, { code }) => told.push(`given up ${seq} ${code}`),
  });
});

function message(seq: number, data = '{}', headers: Record<string, string> = {}): JsMsg {
  return {
    ...{ subject: 'kin.evt.task.failed', seq, data: new TextEncoder().encode(data) },
    headers: Object.assign(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
      { get: (name: string) => headers[name] ?? '' },
    ),
    info: { stream: 'EVENTS', consumer: 'reader', streamSequence: seq, timestampNanos: 1_700_000_000_000_000_000 },
    ack: () => settled.push(`${seq} ack`),
    nak: (ms: number) => settled.push(`${seq} nak ${ms}`),
  } as unknown as JsMsg;
}

describe('a message whose handling failed', () => {
  test('by what will pass is delivered again for as long as it lasts, and is never given up', async () => {
    for (let time = 0; time < 20; time += 1) await deliveries.settle([{ message: message(1), error: away }]);
    expect(settled).toEqual(Array.from({ length: 20 }, () => '1 nak 1000'));
    expect(kept).toEqual([]);
  });

  test('because it can never be handled is kept at once, with what is needed to look into it', async () => {
    const given = message(7, '{"tasks":', { 'Nats-Msg-Id': 'm-7', 'ce-type': 'x' });
    await deliveries.settle([{ message: given, error: unreadable }]);
    expect(kept).toMatchObject([
      {
        ...{ consumer: 'reader', subject: 'kin.evt.task.failed', stream_sequence: 7, message_id: 'm-7' },
        ...{ reason: 'VALIDATION_FAILED', payload: '{"tasks":', payload_bytes: 9 },
        headers: [
          { name: 'Nats-Msg-Id', value: 'm-7' },
          { name: 'ce-type', value: 'x' },
        ],
      },
    ]);
    expect(told).toEqual(['kept VALIDATION_FAILED', 'given up 7 VALIDATION_FAILED']);
    expect(settled).toEqual(['7 ack']);
  });

  test('by a fault that nobody expected is tried five times, each after twice the time, and then kept', async () => {
    for (let time = 0; time < 5; time += 1) await deliveries.settle([{ message: message(1), error: bug }]);
    expect(settled).toEqual(['1 nak 1000', '1 nak 2000', '1 nak 4000', '1 nak 8000', '1 ack']);
    expect(kept).toMatchObject([{ reason: 'INTERNAL', stream_sequence: 1 }]);
    expect(told.filter((what) => what.startsWith('fault'))).toHaveLength(5);
    await deliveries.settle([{ message: message(1), error: bug }]);
    expect(settled.at(-1)).toBe('1 nak 1000');
  });

  test('is counted by itself: what fails beside it, and what is away between, does not bring it nearer to its end', async () => {
    for (let time = 0; time < 4; time += 1) {
      await deliveries.settle([message(1), message(2)].map((one) => ({ message: one, error: time === 0 ? away : bug })));
      await deliveries.settle([{ message: message(1), error: away }]);
    }
    expect(kept).toEqual([]);
    await deliveries.settle([{ message: message(3), error: bug }]);
    expect(settled.at(-1)).toBe('3 nak 1000');
  });

  test('stays with the broker until its dead letter is safe', async () => {
    storeIsAway = true;
    await deliveries.settle([
      { message: message(1), error: unreadable },
      { message: message(2), error: unreadable },
    ]);
    expect(settled).toEqual(['1 nak 1000', '2 nak 1000']);
    expect(told).toEqual(['fault dead letters']);
    storeIsAway = false;
    await deliveries.settle([{ message: message(1), error: unreadable }]);
    expect(settled.at(-1)).toBe('1 ack');
  });

  test('that comes again after it was kept is told of again to whom asked, and counted once', async () => {
    for (let time = 0; time < 2; time += 1) await deliveries.settle([{ message: message(1), error: unreadable }]);
    expect(told.filter((what) => what.startsWith('kept'))).toHaveLength(1);
    expect(told.filter((what) => what.startsWith('given up'))).toHaveLength(2);
    expect(kept).toHaveLength(1);
  });

  test('of any size and with any headers becomes a dead letter that a document holds', async () => {
    const many = Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`h${index}`, 'x'.repeat(9_000)]));
    await deliveries.settle([{ message: message(1, 'x'.repeat(100_000), many), error: unreadable }]);
    const [deadLetter] = kept;
    expect([deadLetter?.payload.length, deadLetter?.payload_bytes]).toEqual([16_384, 100_000]);
    expect([deadLetter?.headers.length, deadLetter?.headers[0]?.value.length]).toEqual([32, 1_000]);
  });

  test('together with others for one reason is one report', async () => {
    await deliveries.settle([1, 2, 3].map((seq) => ({ message: message(seq), error: away })));
    expect(told).toEqual(['fault kin.evt.task.failed 1']);
  });

  test('on a connection that has ended is left to the broker', async () => {
    const ended = { ...message(1), nak: () => void fail() } as unknown as JsMsg;
    await deliveries.settle([{ message: ended, error: away }]);
    expect(told.at(-1)).toBe('fault failed deliveries');
  });
});

function fail(): never {
  throw new Error('The connection is closed.');
}
