import { describe, expect, test } from '@jest/globals';
import type { GroupMove } from '../domain/failure-group.js';
import { groupIdSample, groupSample } from '../domain/group-sample.js';
import { FailureGroupsInMemory } from '../failure-groups-in-memory.js';
import type { SplitMover } from '../split-mover.js';
import { FinishSplits } from './finish-splits.js';

const { signal } = new AbortController();
const now = Date.parse('2026-11-23T12:00:00.000Z');
const move: GroupMove = { into: groupIdSample(9), was_part: false, counted_until: null, until: '2026-11-23T11:00:00.000Z' };

/** Split groups, and a mover that takes a second for a page, of which each group has as many as are given. */
async function splitGroups(pages: readonly number[], faulty?: string) {
  const groups = new FailureGroupsInMemory();
  await groups.write(pages.map((_, at) => ({ previous: null, next: groupSample(at, { moves: [move] }) })));
  const clock = { at: now, now: () => clock.at };
  const moved: string[] = [];
  const execute = async (id: string, mayGoOn: () => boolean): Promise<void> => {
    if (id === faulty) throw new Error('no');
    for (let left = pages[Number.parseInt(id.slice(4), 16)] ?? 0; left > 0; left -= 1) {
      if (!mayGoOn()) return;
      clock.at += 1_000;
    }
    const previous = await groups.find(id);
    if (!previous) return;
    const { moves: _, ...next } = previous;
    await groups.write([{ previous, next: { ...next, version: next.version + 1 } }]);
    moved.push(id);
  };
  return { finish: new FinishSplits(groups, { execute } as unknown as SplitMover, clock), moved };
}

describe('the records of split groups', () => {
  test('are moved where those of another group cannot be', async () => {
    const { finish, moved } = await splitGroups([1, 1, 1], groupIdSample(0));
    await expect(finish.execute(signal)).rejects.toThrow('1 of 3');
    expect(moved).toEqual([groupIdSample(1), groupIdSample(2)]);
  });

  test('wait for no other group to be moved whole, and are moved to the end however many they are', async () => {
    const { finish, moved } = await splitGroups([40, 2]);
    await finish.execute(signal);
    expect(moved).toEqual([groupIdSample(1)]);
    for (let round = 0; round < 4; round += 1) await finish.execute(signal);
    expect(moved).toEqual([1, 0].map(groupIdSample));
  });
});
