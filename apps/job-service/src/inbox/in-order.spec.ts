import { beforeEach, expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { InOrder } from './in-order.js';

const away = new ProblemError('STORE_UNAVAILABLE', 'away');
const isHeld = { reason: { code: 'SERVICE_UNAVAILABLE' } };

let now: number;
let order: InOrder;
let done: string[];

beforeEach(() => {
  [now, done] = [0, []];
  order = new InOrder(() => now);
});

/** Work that is done at once the later the sooner it was asked for. */
function slower(turns: number, name: string) {
  return async (): Promise<string> => {
    for (let left = turns; left > 0; left -= 1) await Promise.resolve();
    done.push(name);
    return name;
  };
}

const does = (thing: string, sequence: number | null): Promise<string> =>
  order.run(thing, sequence, slower(0, `${thing}${sequence}`));
const fails = (thing: string, sequence: number | null, fault: Error): Promise<never> =>
  order.run(thing, sequence, () => Promise.reject(fault));

test('work on one thing takes place in the order it was asked for, and nothing of others waits for it', async () => {
  const asked = [
    order.run('a', 1, slower(9, 'a1')),
    order.run('a', 2, slower(5, 'a2')),
    order.run('b', 3, slower(2, 'b1')),
    order.run('a', null, slower(0, 'a3')),
  ];
  expect(await Promise.all(asked)).toEqual(['a1', 'a2', 'b1', 'a3']);
  expect(done).toEqual(['b1', 'a1', 'a2', 'a3']);
});

test.each([
  ['a fault nobody expected', new TypeError('Nobody thought of this.')],
  ['a database that is away', away],
])('behind work that comes again after %s nothing is done until it is, also of what comes later', async (_what, fault) => {
  const [failed, held, ofAnother] = await Promise.allSettled([fails('a', 1, fault), does('a', 2), does('b', 3)]);
  expect([failed, held, ofAnother]).toMatchObject([{ reason: fault }, isHeld, { value: 'b3' }]);
  // One comes when nothing is under way, one before that which it is behind, and the first fails once more.
  expect(await Promise.allSettled([does('a', 4)])).toMatchObject([isHeld]);
  expect(await Promise.allSettled([does('a', 2), fails('a', 1, fault), does('a', 4)])).toMatchObject([isHeld, {}, isHeld]);
  expect(await does('a', 1)).toBe('a1');
  expect(await Promise.allSettled([does('a', 4)])).toMatchObject([isHeld]);
  expect(await Promise.all([does('a', 2), does('a', 4)])).toEqual(['a2', 'a4']);
  expect(done).toEqual(['b3', 'a1', 'a2', 'a4']);
});

test('what is refused for good, or given up, holds nothing up', async () => {
  const refusal = new ProblemError('STATE_CONFLICT', 'It has ended.');
  const [refused, next] = await Promise.allSettled([fails('a', 1, refusal), does('a', 2)]);
  expect([refused, next]).toMatchObject([{ reason: refusal }, { value: 'a2' }]);
  await Promise.allSettled([fails('a', 3, away)]);
  await Promise.allSettled([fails('a', 4, away)]);
  await Promise.allSettled([fails('a', 3, refusal)]);
  expect(await Promise.allSettled([does('a', 5)])).toMatchObject([isHeld]);
  order.forget(4);
  expect(await does('a', 5)).toBe('a5');
});

test('what does not come again is waited for no longer than two minutes after it failed last', async () => {
  await Promise.allSettled([fails('a', 1, away)]);
  now = 60_000;
  await Promise.allSettled([fails('a', 1, away)]);
  now = 179_000;
  expect(await Promise.allSettled([does('a', 2)])).toMatchObject([isHeld]);
  now = 180_000;
  expect(await does('a', 2)).toBe('a2');
});

test('of many that fail the latest are waited for', async () => {
  for (let sequence = 1; sequence <= 10_001; sequence += 1) await Promise.allSettled([fails(`${sequence}`, sequence, away)]);
  expect(await does('1', 20_000)).toBe('120000');
  expect(await Promise.allSettled([does('2', 20_000)])).toMatchObject([isHeld]);
});

test('what is asked for by the way holds nothing up, and waits for nothing that is to come again', async () => {
  const [failed, next] = await Promise.allSettled([fails('a', null, away), does('a', 1)]);
  expect([failed, next]).toMatchObject([{ reason: away }, { value: 'a1' }]);
  await Promise.allSettled([fails('a', 2, away)]);
  expect(await does('a', null)).toBe('anull');
});
