import { expect, test } from '@jest/globals';
import { Turns, atOnce } from './turns.js';

function* sliced(name: string, slices: number, done: string[]): Generator<undefined, string> {
  for (let slice = 1; slice <= slices; slice += 1) {
    done.push(`${name}${slice}`);
    if (slice < slices) yield;
  }
  return name;
}

test('of all that wait, one slice is done in a turn of the loop', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const perTurn: number[] = [];
  let running = true;
  let seen = 0;
  const count = (): void => {
    perTurn.push(done.length - seen);
    seen = done.length;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  const results = await Promise.all(['a', 'b', 'c'].map((name) => turns.run(sliced(name, 5, done))));
  running = false;
  expect(results).toEqual(['a', 'b', 'c']);
  expect(done).toHaveLength(15);
  expect(Math.max(...perTurn)).toBe(1);
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
