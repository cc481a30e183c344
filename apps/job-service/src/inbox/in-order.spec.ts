import { expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { InOrder } from './in-order.js';

/** Work that is done at once the later the sooner it was asked for. */
function slower(turns: number, done: string[], name: string) {
  return async (): Promise<string> => {
    for (let left = turns; left > 0; left -= 1) await Promise.resolve();
    done.push(name);
    return name;
  };
}

test('work on one thing takes place in the order it was asked for, and nothing of others waits for it', async () => {
  const [order, done]: [InOrder, string[]] = [new InOrder(), []];
  const asked = [
    order.run('a', slower(9, done, 'a1')),
    order.run('a', slower(5, done, 'a2')),
    order.run('b', slower(2, done, 'b1')),
    order.run('a', slower(0, done, 'a3')),
  ];
  expect(await Promise.all(asked)).toEqual(['a1', 'a2', 'b1', 'a3']);
  expect(done).toEqual(['b1', 'a1', 'a2', 'a3']);
});

test.each([
  ['a fault nobody expected', new TypeError('Nobody thought of this.')],
  ['a database that is away', new ProblemError('STORE_UNAVAILABLE', 'away')],
])('behind work that comes again after %s nothing is done; what comes later is', async (_what, fault) => {
  const [order, done]: [InOrder, string[]] = [new InOrder(), []];
  const [failed, held, heldToo] = await Promise.allSettled([
    order.run('a', () => Promise.reject(fault)),
    order.run('a', slower(0, done, 'a2')),
    order.run('a', slower(0, done, 'a3')),
  ]);
  expect(failed).toMatchObject({ reason: fault });
  for (const one of [held, heldToo]) expect(one).toMatchObject({ reason: { code: 'SERVICE_UNAVAILABLE' } });
  expect(done).toEqual([]);
  expect(await order.run('a', slower(0, done, 'a2'))).toBe('a2');
});

test('what is refused for good holds nothing up', async () => {
  const [order, done]: [InOrder, string[]] = [new InOrder(), []];
  const refusal = new ProblemError('STATE_CONFLICT', 'It has ended.');
  const [refused, next] = await Promise.allSettled([
    order.run('a', () => Promise.reject(refusal)),
    order.run('a', slower(0, done, 'a2')),
  ]);
  expect(refused).toMatchObject({ reason: refusal });
  expect(next).toMatchObject({ value: 'a2' });
});
