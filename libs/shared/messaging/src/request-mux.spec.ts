import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { RequestMux } from './request-mux.js';

let asked: string[];
let deliver: (error: Error | null, message: unknown) => void;
let mux: RequestMux;

beforeEach(() => {
  jest.useFakeTimers();
  asked = [];
  const connection = {
    publish: (_: string, __: string, { reply }: { reply: string }) => void asked.push(reply),
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
