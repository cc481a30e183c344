import { describe, expect, test } from '@jest/globals';
import type { Actor } from '@kintsugi/contracts';
import { PROBLEM_HEADER, headersOf } from './message-headers.js';
import { originOf } from './origin.js';
import { SharedRequest, requestsIn, type Reply } from './shared-request.js';

type Msg = Parameters<typeof requestsIn>[0];

const ada: Actor = { key: 'ada', name: 'Ada é', role: 'operator', tenant: null, door: 'http', address: '127.0.0.1' };
const bob: Actor = { ...ada, key: 'bob', name: 'bob' };

interface Sent {
  body: string;
  headers: ReturnType<typeof headersOf>;
}

function messageOf({ body, headers }: Sent, respond: (sent: Sent) => void = () => undefined): Msg {
  const data = new TextEncoder().encode(body);
  return {
    ...{ subject: 'kin.req.job.createJob', reply: '_INBOX.1', data, headers, string: () => body },
    respond: (text: string, options?: Pick<Sent, 'headers'>) =>
      respond({ body: text, headers: options?.headers ?? headersOf({}) }),
  } as unknown as Msg;
}

/** Requests that were asked together, what became of each, and the message they are in. */
function asked(...bodies: string[]) {
  const shared = new SharedRequest();
  const became: (Reply | Error | null)[] = bodies.map(() => null);
  bodies.forEach((body, index) => {
    const take = (given: Reply | Error): void => void (became[index] = given);
    shared.add({ actor: index % 2 ? bob : ada, requestId: `r${index}` }, body, { resolve: take, reject: take });
  });
  return { shared, became, sent: shared.message() };
}

const nextTurn = () => new Promise(setImmediate);

describe('requests that share a message', () => {
  test('are read as they were asked, each with who asks and its id', () => {
    const { sent } = asked('{"a":"é"}', '{"b":1}', '{}');
    const requests = requestsIn(messageOf(sent)) ?? [];
    expect(requests.map((request) => request.string())).toEqual(['{"a":"é"}', '{"b":1}', '{}']);
    expect(requests.map(originOf)).toEqual([
      { actor: ada, requestId: 'r0' },
      { actor: bob, requestId: 'r1' },
      { actor: ada, requestId: 'r2' },
    ]);
    expect(requests[0]).toMatchObject({ subject: 'kin.req.job.createJob', reply: '_INBOX.1' });
  });

  test('are answered each for itself: what is there goes out in one message, and nobody waits for another', async () => {
    const { shared, became, sent } = asked('0', '1', '2');
    const replies: Sent[] = [];
    const [first, second, third] = requestsIn(messageOf(sent, (reply) => replies.push(reply))) as [Msg, Msg, Msg];
    third.respond('{"n":2}');
    first.respond('{"code":"X"}', { headers: headersOf({ [PROBLEM_HEADER]: 'X' }) });
    await nextTurn();
    expect(replies).toHaveLength(1);
    expect(shared.settle(messageOf(replies[0] as Sent))).toBe(false);
    expect(became).toEqual([{ text: '{"code":"X"}', isProblem: true }, null, { text: '{"n":2}', isProblem: false }]);
    second.respond('{"n":1}');
    await nextTurn();
    expect(shared.settle(messageOf(replies[1] as Sent))).toBe(true);
    expect(became[1]).toEqual({ text: '{"n":1}', isProblem: false });
  });

  test('that fail together keep the answers that had come', async () => {
    const { shared, became, sent } = asked('0', '1');
    const replies: Sent[] = [];
    requestsIn(messageOf(sent, (reply) => replies.push(reply)))?.[1]?.respond('{}');
    await nextTurn();
    shared.settle(messageOf(replies[0] as Sent));
    shared.reject(new Error('gone'));
    expect(became).toEqual([new Error('gone'), { text: '{}', isProblem: false }]);
  });

  test('that are refused as one are refused each', () => {
    const { shared, became } = asked('0', '1');
    const refusal = messageOf({ body: '{"code":"X"}', headers: headersOf({ [PROBLEM_HEADER]: 'X' }) });
    expect(shared.settle(refusal)).toBe(true);
    expect(became).toEqual([0, 1].map(() => ({ text: '{"code":"X"}', isProblem: true })));
  });

  test('are no more than a message of its kind may hold, and one that is none is passed over', () => {
    const { sent } = asked('0', '1');
    expect(requestsIn(messageOf({ ...sent, body: `a\n${'0 r x\n'.repeat(1_000)}` }))).toHaveLength(256);
    expect(requestsIn(messageOf({ ...sent, body: 'a\nnone\n\n9 r x\n0 id' }))?.map(originOf)).toMatchObject([{ requestId: 'r' }]);
    expect(requestsIn(messageOf({ ...sent, body: '' }))).toEqual([]);
  });
});

test('a request alone is a message as any other', () => {
  const { shared, became, sent } = asked('{}');
  expect(sent.body).toBe('{}');
  expect(requestsIn(messageOf(sent))).toBeNull();
  expect(originOf(messageOf(sent))).toEqual({ actor: ada, requestId: 'r0' });
  expect(shared.settle(messageOf({ body: '1', headers: headersOf({}) }))).toBe(true);
  expect(became).toEqual([{ text: '1', isProblem: false }]);
});
