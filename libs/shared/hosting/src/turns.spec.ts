import { expect, test } from '@jest/globals';
import { Turns, atOnce } from './turns.js';

function* sliced(name: string, slices: number, done: string[]): Generator<undefined, string> {
  for (let slice = 1; slice <= slices; slice += 1) {
    done.push(`${name}${slice}`);
    if (slice < slices) yield;
  }
  return name;
}

/** How much was done in each turn of the loop until the work was at its end. */
async function perTurn(done: readonly string[], work: () => Promise<unknown>): Promise<number[]> {
  const counts: number[] = [];
  let [running, seen] = [true, 0];
  const count = (): void => {
    counts.push(done.length - seen);
    seen = done.length;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  await work();
  running = false;
  return [...counts, done.length - seen];
}

test('of all that wait, one slice is done in a turn of the loop', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const counts = await perTurn(done, async () => {
    const results = await Promise.all(['a', 'b', 'c'].map((name) => turns.run(sliced(name, 5, done))));
    expect(results).toEqual(['a', 'b', 'c']);
  });
  expect(done).toHaveLength(15);
  expect(Math.max(...counts)).toBe(1);
});

test('the turn after somebody has connected has no slice', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const work = function* (): Generator<undefined, void> {
    done.push('before');
    turns.standBack();
    yield;
    done.push('after');
  };
  const counts = await perTurn(done, () => turns.run(work()));
  expect(counts.join('')).toMatch(/^0*101$/);
});

test('who connects again and again keeps no work from its end', async () => {
  const turns = new Turns();
  const done: string[] = [];
  let running = true;
  const connect = (): void => {
    turns.standBack();
    if (running) setImmediate(connect);
  };
  connect();
  await turns.run(sliced('a', 9, done));
  running = false;
  expect(done).toHaveLength(9);
});

test('what waits takes its turns round about, so that none waits for all of another', async () => {
  const turns = new Turns();
  const done: string[] = [];
  await Promise.all([turns.run(sliced('a', 9, done)), turns.run(sliced('b', 2, done))]);
  expect(done.slice(0, 4)).toEqual(['a1', 'b1', 'a2', 'b2']);
});

test('a fault ends the work that has it, and no other', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const faulty = turns.run(
    (function* (): Generator<undefined, string> {
      yield;
      throw new Error('no good');
    })(),
  );
  const fine = turns.run(sliced('a', 4, done));
  await expect(faulty).rejects.toThrow('no good');
  await expect(fine).resolves.toBe('a');
});

test('little work is done at once', () => {
  const done: string[] = [];
  expect(atOnce(sliced('a', 3, done))).toBe('a');
  expect(done).toEqual(['a1', 'a2', 'a3']);
});
