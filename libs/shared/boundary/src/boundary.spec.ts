import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { after, every, guarded, inBackground, soon } from './boundary.js';
import { sendEscapedFaultsTo, type EscapedFault } from './escaped-faults.js';

const fault = new Error('nobody expected this');
const counted: string[] = [];
const told: EscapedFault[] = [];

function broken(): never {
  throw fault;
}

let kinds = 0;
/** A kind that nothing was told of yet. */
const newKind = (): string => `kind ${(kinds += 1)}`;

beforeEach(() => {
  counted.length = 0;
  told.length = 0;
  jest.useFakeTimers();
  sendEscapedFaultsTo({ count: (kind) => void counted.push(kind), tell: (given) => void told.push(given) });
});

describe('nothing goes past a boundary:', () => {
  test('what a callback throws', () => {
    const kind = newKind();
    guarded(kind, broken)();
    expect(told).toEqual([{ kind, error: fault, count: 1 }]);
  });

  test('the rejection of a promise that nobody awaits', async () => {
    const kind = newKind();
    inBackground(kind, async () => broken());
    await Promise.resolve();
    expect(told).toEqual([{ kind, error: fault, count: 1 }]);
  });

  test('what a timer runs, which runs again all the same', () => {
    const kind = newKind();
    const timer = every(kind, 10, broken);
    after(kind, 10, broken);
    soon(kind, broken);
    jest.advanceTimersByTime(35);
    clearInterval(timer);
    expect(counted).toHaveLength(5);
  });

  test('what the sink throws', () => {
    sendEscapedFaultsTo({ count: broken, tell: broken });
    expect(guarded(newKind(), broken)).not.toThrow();
  });
});

test('a flood of one kind is counted whole and told once, and again with what came meanwhile', () => {
  const kind = newKind();
  const strike = guarded(kind, broken);
  for (let struck = 0; struck < 1_000; struck += 1) strike();
  expect(counted).toHaveLength(1_000);
  expect(told.map(({ count }) => count)).toEqual([1]);
  jest.advanceTimersByTime(10_000);
  strike();
  expect(told.map(({ count }) => count)).toEqual([1, 1_000]);
});

test('what is given to a callback reaches it', () => {
  const given: unknown[] = [];
  guarded(newKind(), (...values: unknown[]) => given.push(...values))(1, 'two');
  expect(given).toEqual([1, 'two']);
});
