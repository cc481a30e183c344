import { describe, expect, test } from '@jest/globals';
import { Chunk } from '../../tasks/domain/chunk.js';
import { chunkOf } from '../../tasks/domain/chunk-sample.js';
import { ReadyWindow } from './ready-window.js';

function chunk(id: string, priority = 5): Chunk {
  const sample = chunkOf(1);
  return new Chunk({ ...sample.identity, id, priority }, sample.state, sample.lines);
}

const anyone = () => true;

/** A window whose chunks are all of one job, unless their id says whose they are. */
function windowOf(slicesGiven = () => 0): ReadyWindow {
  return new ReadyWindow({ ownersOf: ({ id }) => ownersIn(id), slicesGiven });
}

function ownersIn(id: string): [string, string, string] {
  const [tenant = '', user = '', job = ''] = id.includes('/') ? id.split('/') : [];
  return [tenant, user, job];
}

describe('the window on a queue', () => {
  test('gives the most urgent chunk first, and of equals the oldest', () => {
    const window = windowOf();
    for (const [id, priority] of [
      ['b', 5],
      ['c', 9],
      ['a', 5],
      ['d', 0],
    ] as const) {
      window.add(chunk(id, priority));
    }
    expect(window.contents.map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd']);
    expect(window.first(anyone)?.id).toBe('c');
    expect(window.first(({ id }) => id !== 'c')?.id).toBe('a');
  });

  test('while complete takes whatever comes; while not, only what goes before the rest', () => {
    const window = windowOf();
    window.complete = true;
    expect(window.offer(chunk('b'))).toBe(true);
    window.complete = false;
    expect(window.offer(chunk('c'))).toBe(false);
    expect(window.offer(chunk('a'))).toBe(true);
    expect(window.contents.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('is not complete once something had to wait in the store', () => {
    const window = windowOf();
    window.complete = true;
    for (let count = 0; count < 256; count += 1) window.offer(chunk(String(count).padStart(3, '0')));
    expect(window.offer(chunk('999'))).toBe(false);
    expect(window.complete).toBe(false);
  });

  describe('that is full of the only chunks of jobs', () => {
    /** Nothing is given of them, so that those who came first stay. */
    function fullOf(owners: (at: number) => string, count: number, priority = 5): ReadyWindow {
      const window = windowOf();
      for (let at = 0; at < count; at += 1) window.offer(chunk(`${owners(at)}/${String(at).padStart(3, '0')}`, priority));
      window.trim();
      expect(window.size).toBe(256);
      return window;
    }

    test.each([
      ['tenant', () => 'a/ann', 'b/bob/999', 5],
      ['tenant with less urgent work', () => 'a/ann', 'b/bob/999', 3],
      ['user of the tenant', () => 'a/ann', 'a/bob/999', 5],
      ['priority', () => 'a/ann', 'a/ann/999', 0],
      ['priority, of more tenants than are looked ahead', (at: number) => `${at}/ann`, 'b/bob/999', 0],
    ])('takes the first of another %s', (_, owners, id, priority) => {
      const window = fullOf(owners, 300, priority === 0 ? 9 : 5);
      const other = chunk(id, priority);
      window.offer(other);
      const dropped = window.trim();
      expect(window.has(other)).toBe(true);
      expect(dropped.map(({ id: one }) => one.endsWith('/255'))).toEqual([true]);
      expect(window.complete).toBe(false);
    });

    test('takes that of a tenant who has had nothing before one of those who had, where all have one', () => {
      const window = fullOf((at) => `${at}/ann`, 256);
      const served = window.first(anyone) as Chunk;
      window.charge(served, 1);
      const other = chunk('b/bob/999');
      window.offer(other);
      expect(window.trim()).toEqual([served]);
      expect(window.has(other)).toBe(true);
    });
  });

  test('holds a chunk once', () => {
    const window = windowOf();
    const one = chunk('a');
    window.add(one);
    window.add(one);
    window.remove(one);
    expect(window.size).toBe(0);
  });

  test('gives suspects apart, least isolated first, also of a chunk that it held before', () => {
    const window = windowOf();
    const [one, other] = [chunk('a'), chunk('b')];
    window.add(one);
    window.add(other);
    expect(window.firstSuspects(anyone)).toBeNull();
    one.setExtra('losses', 0, { workers: 4, alone: 0 });
    other.setExtra('losses', 0, { workers: 2, alone: 0 });
    expect(window.offer(one) && window.offer(other)).toBe(true);
    expect(window.first(anyone)).toBeUndefined();
    expect(window.firstSuspects(anyone)).toEqual({ chunk: other, isolation: 16 });
    expect(window.firstSuspects(({ id }) => id === 'a')).toEqual({ chunk: one, isolation: 1 });
    window.remove(one);
    window.remove(other);
    expect(window.firstSuspects(anyone)).toBeNull();
  });
});
