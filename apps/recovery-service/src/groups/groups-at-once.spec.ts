import { describe, expect, test } from '@jest/globals';
import { recordSample } from '../records/domain/error-record-sample.js';
import type { StoredRecords } from '../records/error-records-in-memory.js';
import { NoteFailures } from './commands/note-failures.js';
import { groupIdSample } from './domain/group-sample.js';
import { FailureGroupsInMemory } from './failure-groups-in-memory.js';
import type { FailureGroups } from './failure-groups.js';
import { GroupMerger } from './group-merger.js';
import { GroupWays } from './group-ways.js';

const [a, b, c] = [groupIdSample(1), groupIdSample(2), groupIdSample(3)];

/** The same groups, each call of which takes some turns more, as a seed says. */
function slowed(groups: FailureGroups, seed: number): FailureGroups {
  let state = seed;
  return new Proxy(groups, {
    get: (target, name) => {
      const member = Reflect.get(target, name, target) as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]): Promise<unknown> => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        for (let turn = state % 7; turn > 0; turn -= 1) await null;
        return member.apply(target, given);
      };
    },
  });
}

async function kept(): Promise<{ groups: FailureGroups; stored: StoredRecords }> {
  const stored: StoredRecords = new Map();
  const groups = new FailureGroupsInMemory(stored);
  const records = [a, b, c].map((group_id, at) => recordSample(at, { group_id }));
  for (const record of records) stored.set(record._id, record);
  await new NoteFailures(groups, new GroupWays(groups)).execute(records, []);
  return { groups, stored };
}

describe('groups that are merged at one moment', () => {
  test.each<[string, [string, string][], string[]]>([
    [
      'one into another that goes into a third',
      [
        [a, b],
        [b, c],
      ],
      [c],
    ],
    [
      'each into the other',
      [
        [a, b],
        [b, a],
      ],
      [a, b],
    ],
    [
      'in a ring',
      [
        [a, b],
        [b, c],
        [c, a],
      ],
      [a, b, c],
    ],
  ])('%s, end as one', async (_what, pairs, roots) => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const { groups, stored } = await kept();
      await Promise.all(pairs.map(([from, into], at) => new GroupMerger(slowed(groups, seed * 10 + at)).merge(from, into)));
      const involved = new Set(pairs.flat());
      const left = (await groups.latest({}, null, 9)).map(({ _id }) => _id).filter((id) => involved.has(id));
      expect({ seed, left: left.length }).toEqual({ seed, left: 1 });
      expect(roots).toContain(left[0]);
      const found = [...stored.values()].map(({ group_id }) => group_id).filter((id) => involved.has(id));
      expect({ seed, found: [...new Set(found)] }).toEqual({ seed, found: left });
      const parts = (await groups.partsOf(left)).map(({ _id }) => _id);
      expect({ seed, parts: parts.sort() }).toEqual({ seed, parts: [...involved].filter((id) => id !== left[0]).sort() });
    }
  });
});

describe('a failure that is counted', () => {
  test('while others count before and behind, is counted once', async () => {
    const { groups } = await kept();
    const others = new NoteFailures(groups, new GroupWays(groups));
    let turn = 0;
    const contended = new Proxy(groups, {
      get: (target, name) => {
        if (name !== 'write') return (Reflect.get(target, name, target) as () => unknown).bind(target);
        return async (...given: Parameters<FailureGroups['write']>): Promise<boolean> => {
          turn += 1;
          if (turn > 1) return target.write(...given);
          // The second group has changed since it was read; in the first another counts right behind.
          await others.execute([recordSample(10, { group_id: b })], []);
          const written = await target.write(...given);
          await others.execute([recordSample(11, { group_id: a })], []);
          return written;
        };
      },
    });
    await new NoteFailures(contended, new GroupWays(contended)).execute(
      [recordSample(12, { group_id: a }), recordSample(13, { group_id: b })],
      [],
    );
    expect([(await groups.find(a))?.count, (await groups.find(b))?.count]).toEqual([3, 3]);
  });

  test('on its way while its group was made part of another, goes where the others went', async () => {
    const { groups, stored } = await kept();
    await new GroupMerger(groups).merge(a, b);
    const late = recordSample(20, { group_id: a });
    stored.set(late._id, late);
    await new NoteFailures(groups, new GroupWays(groups)).execute([late], []);
    expect(stored.get(late._id)?.group_id).toBe(b);
  });
});
