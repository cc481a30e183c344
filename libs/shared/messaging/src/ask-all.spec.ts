import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { RollCall } from './ask-all.js';

const timeoutMs = 500;

let answer: (name: string) => void;
let state: 'up' | 'down';
let open: number;
let roll: RollCall;

beforeEach(() => {
  jest.useFakeTimers();
  open = 0;
  state = 'up';
  const hearers = new Set<(message: unknown) => void>();
  const bus = {
    get state() {
      return state;
    },
    connection: { isClosed: () => false },
    publish: () => undefined,
    subscribe: (_: string, hear: (message: unknown) => void) => {
      hearers.add(hear);
      open += 1;
      return {
        unsubscribe: () => {
          hearers.delete(hear);
          open -= 1;
        },
      };
    },
  };
  // Each call has an inbox of its own: the newest is meant.
  answer = (name) => [...hearers].at(-1)?.({ data: [1], name });
  roll = new RollCall(bus as never, 'kin.health', timeoutMs);
});

afterEach(() => {
  jest.useRealTimers();
});

async function namesOf(asked: Promise<unknown[]>): Promise<string[]> {
  return (await asked).map((message) => (message as { name: string }).name);
}

async function called(...names: string[]): Promise<string[]> {
  const asked = roll.ask();
  names.forEach(answer);
  jest.advanceTimersByTime(timeoutMs);
  return namesOf(asked);
}

test('a roll call is over once as many have answered as the last time, and not before', async () => {
  expect(await called('a', 'b')).toEqual(['a', 'b']);
  const asked = roll.ask();
  let isOver = false;
  asked.then(
    () => (isOver = true),
    () => undefined,
  );
  answer('b');
  await Promise.resolve();
  expect(isOver).toBe(false);
  answer('a');
  expect(await namesOf(asked)).toEqual(['b', 'a']);
});

test('who comes too late for it is heard, and waited for the next time', async () => {
  await called('a');
  const first = roll.ask();
  answer('a');
  expect(await namesOf(first)).toEqual(['a']);
  answer('new');
  jest.advanceTimersByTime(timeoutMs);
  const second = roll.ask();
  answer('a');
  answer('new');
  expect(await namesOf(second)).toEqual(['a', 'new']);
});

test('who has come too late is waited for at once, also before the time of that call is over', async () => {
  await called('a');
  const first = roll.ask();
  answer('a');
  await first;
  answer('new');
  const second = roll.ask();
  let isOver = false;
  second.then(
    () => (isOver = true),
    () => undefined,
  );
  answer('a');
  await Promise.resolve();
  expect(isOver).toBe(false);
  answer('new');
  expect(await namesOf(second)).toEqual(['a', 'new']);
});

test('who is gone is waited for once', async () => {
  await called('a', 'gone');
  expect(await called('a')).toEqual(['a']);
  const asked = roll.ask();
  answer('a');
  expect(await namesOf(asked)).toEqual(['a']);
});

test('nothing is heard any more once the time is over', async () => {
  await called('a');
  expect(open).toBe(0);
});

test('whoever wants more than as many as before waits for it', async () => {
  await called('a');
  const asked = roll.ask((answers, asManyAsBefore) => asManyAsBefore && answers.length > 1);
  answer('a');
  answer('b');
  expect(await namesOf(asked)).toEqual(['a', 'b']);
});

test('a call that could reach nobody lets the next one end no sooner', async () => {
  await called('a', 'b');
  state = 'down';
  expect(await namesOf(roll.ask())).toEqual([]);
  state = 'up';
  expect(await called()).toEqual([]);
  const asked = roll.ask();
  answer('a');
  answer('b');
  expect(await namesOf(asked)).toEqual(['a', 'b']);
});

test('whoever has enough is asked about no later answer', async () => {
  const isEnough = jest.fn((answers: readonly unknown[]) => answers.length === 2);
  const asked = roll.ask(isEnough);
  for (const name of ['a', 'b', 'c', 'd']) answer(name);
  expect(await namesOf(asked)).toEqual(['a', 'b']);
  expect(isEnough).toHaveBeenCalledTimes(2);
});
