import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { RequestMux } from './request-mux.js';

let asked: string[];
let deliver: (error: Error | null, message: unknown) => void;
let mux: RequestMux;
let refusal: Error | null;

beforeEach(() => {
  refusal = null;
  jest.useFakeTimers();
  asked = [];
  const connection = {
    publish: (subject: string, _: string, { reply }: { reply: string }) => {
      if (refusal && subject === 'refused') throw refusal;
      asked.push(reply);
    },
    subscribe: (_: string, { callback }: { callback: typeof deliver }) => (deliver = callback),
    closed: () => new Promise(() => undefined),
  };
  mux = new RequestMux(connection as never);
});

afterEach(() => void jest.useRealTimers());

test('a request that nobody replies to in time is rejected', async () => {
  const reply = expect(mux.ask('a', '', { timeoutMs: 500 })).rejects.toThrow('timeout');
  jest.advanceTimersByTime(500);
  await reply;
});

test('a reply that lay in the socket while this process was paused is taken, though its time is over', async () => {
  const reply = mux.ask('a', '', { timeoutMs: 500 });
  const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 30_000);
  jest.advanceTimersByTime(500);
  deliver(null, { subject: asked[0], data: new Uint8Array([1]) });
  expect(await reply).toMatchObject({ subject: asked[0] });
  late.mockRestore();
});

test('a request without a reply is rejected after a pause too', async () => {
  const reply = expect(mux.ask('a', '', { timeoutMs: 500 })).rejects.toThrow('timeout');
  const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 30_000);
  jest.advanceTimersByTime(500);
  late.mockRestore();
  jest.advanceTimersByTime(30_000);
  await reply;
});

test('requests of one turn go out together, and none of them waits for another turn', async () => {
  for (const subject of ['a', 'b', 'c']) void mux.ask(subject, '', { timeoutMs: 500 }).catch(() => undefined);
  expect(asked).toHaveLength(0);
  jest.runAllTicks();
  jest.advanceTimersByTime(0);
  expect(asked).toHaveLength(3);
});

test('one request that cannot be sent is rejected alone', async () => {
  refusal = new Error('too large');
  const refused = expect(mux.ask('refused', '', { timeoutMs: 500 })).rejects.toThrow('too large');
  const reply = mux.ask('a', '', { timeoutMs: 500 });
  jest.advanceTimersByTime(0);
  await refused;
  deliver(null, { subject: asked[0], data: new Uint8Array([1]) });
  expect(await reply).toMatchObject({ subject: asked[0] });
});
