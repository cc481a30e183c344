import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { Chunk } from '../../tasks/domain/chunk.js';
import { chunkOf } from '../../tasks/domain/chunk-sample.js';
import { FairShare, type Owners } from './fair-share.js';
import { inTurns } from './in-turns.js';
import { VirtualTimes } from './virtual-times.js';

const sliceMax = 128;
const anyone = () => true;

/** A tree in which some wait without end, each job with one chunk that is never used up. */
function treeOf(owners: readonly Owners[]) {
  const share = new FairShare();
  const had = new Map<string, number>();
  const ownersOf = new Map<Chunk, Owners>();
  const come = (of: Owners): void => {
    const { identity, state, lines } = chunkOf(1);
    const chunk = new Chunk({ ...identity, id: `${ownersOf.size}` }, state, lines);
    ownersOf.set(chunk, of);
    share.add(of, chunk);
  };
  owners.forEach(come);
  /** Gives whoever is next a slice, and notes it for the tenant, the user and the job. */
  const give = (tasks: number): void => {
    const next = ownersOf.get(share.first(anyone) as Chunk) as Owners;
    share.charge(next, tasks);
    for (const depth of [1, 2, 3]) {
      const name = next.slice(0, depth).join('/');
      had.set(name, (had.get(name) ?? 0) + tasks);
    }
  };
  return { give, come, had };
}

describe('what waits of one priority', () => {
  test('is shared by tenants, by the users of each and by their jobs, never further apart than two slices', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const owners = fc.uniqueArray(fc.tuple(name, name, name), { minLength: 2, maxLength: 12, selector: (of) => of.join('/') });
    const slices = fc.array(fc.integer({ min: 1, max: sliceMax }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(owners, slices, (all, given) => {
        const { give, had } = treeOf(all);
        for (const tasks of given) {
          give(tasks);
          for (const depth of [1, 2, 3]) {
            const names = new Set(all.map((of) => of.slice(0, depth).join('/')));
            for (const one of names) {
              for (const other of names) {
                // Those of one parent share.
                if (one.split('/').slice(0, -1).join('/') !== other.split('/').slice(0, -1).join('/')) continue;
                expect(Math.abs((had.get(one) ?? 0) - (had.get(other) ?? 0))).toBeLessThanOrEqual(2 * sliceMax);
              }
            }
          }
        }
      }),
    );
  });

  test('goes at once to whoever comes, who gets nothing for the time before', () => {
    const { give, come, had } = treeOf([['a', 'u', '1']]);
    for (let slice = 0; slice < 1_000; slice += 1) give(10);
    come(['b', 'u', '2']);
    give(10);
    expect(had.get('b')).toBe(10);
    for (let slice = 0; slice < 100; slice += 1) give(10);
    expect(had.get('b')).toBe(510);
  });
});

describe('virtual times', () => {
  test('remember what somebody has had who has left for a moment', () => {
    const times = new VirtualTimes();
    times.charge('a', 10);
    times.charge('b', 1);
    times.charge('b', 1);
    // Who leaves and comes back begins where the service is now, but not before what was his.
    expect([times.of('a'), times.of('b'), times.of('new')]).toEqual([10, 2, 1]);
  });

  test('are remembered for a bounded number of names', () => {
    const times = new VirtualTimes();
    for (let name = 0; name < 20_000; name += 1) times.charge(`${name}`, 5);
    expect(times.of('19999')).toBe(5);
    expect(times.of('0')).toBe(0);
  });
});

describe('items in turns', () => {
  const keys = [(item: string) => item[0] as string, (item: string) => item[1] as string];

  test('are of each group in its turn, and in it of each inner group', () => {
    expect(inTurns(['au1', 'au2', 'av1', 'bu1'], keys, 9)).toEqual(['au1', 'bu1', 'av1', 'au2']);
  });

  test('are no more than was asked for', () => {
    expect(inTurns(['au1', 'au2', 'bu1'], keys, 2)).toEqual(['au1', 'bu1']);
    expect(inTurns([], keys, 2)).toEqual([]);
  });
});
