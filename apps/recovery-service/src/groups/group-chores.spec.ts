import { describe, expect, test } from '@jest/globals';
import { recordSample } from '../records/domain/error-record-sample.js';
import type { StoredRecords } from '../records/error-records-in-memory.js';
import { ForgetGroups } from './commands/forget-groups.js';
import { ReopenGroups } from './commands/reopen-groups.js';
import { groupIdSample, groupSample } from './domain/group-sample.js';
import type { StoredGroup } from './domain/failure-group.js';
import { FailureGroupsInMemory } from './failure-groups-in-memory.js';

const now = Date.parse('2026-11-23T12:00:00.000Z');
const { signal } = new AbortController();

async function kept(...given: StoredGroup[]) {
  const stored: StoredRecords = new Map();
  const groups = new FailureGroupsInMemory(stored);
  await groups.write(given.map((next) => ({ previous: null, next })));
  const clock = { at: now, now: () => clock.at };
  return {
    ...{ stored, groups, clock },
    reopen: new ReopenGroups(groups, clock),
    forget: new ForgetGroups(groups, clock, { ERROR_RETENTION_DAYS: 1 }),
  };
}

describe('a group that is ignored until a time', () => {
  test('is open again from then on without a failure, and tells of it once', async () => {
    const ignored = groupSample(1, { state: 'ignored', ignored_until: '2026-11-23T13:00:00.000Z' });
    const { groups, clock, reopen } = await kept(ignored);
    await reopen.execute();
    expect(await groups.find(ignored._id)).toMatchObject({ state: 'ignored', events: [] });
    clock.at = Date.parse('2026-11-23T13:00:01.000Z');
    await reopen.execute();
    await reopen.execute();
    expect(await groups.find(ignored._id)).toMatchObject({
      ...{ state: 'open', state_at: '2026-11-23T13:00:01.000Z', ignored_until: null },
      events: [{ ignored_at: ignored.state_at, reason: 'time' }],
    });
  });
});

describe('a group whose records are all gone', () => {
  const old = '2026-11-22T11:00:00.000Z';

  test('goes once it has not failed for as long as records are kept, and no other does', async () => {
    const { groups, stored, forget } = await kept(
      groupSample(1, { last_seen: old }),
      groupSample(2, { last_seen: '2026-11-22T13:00:00.000Z' }),
      groupSample(3, { last_seen: old }),
      groupSample(4, { last_seen: old, state: 'ignored' }),
    );
    stored.set('record', recordSample(1, { group_id: groupIdSample(3) }));
    await forget.execute(signal);
    expect((await groups.latest({}, null, 9)).map(({ _id }) => _id).sort()).toEqual([2, 3, 4].map(groupIdSample));
  });

  test('goes with its parts, and stays while one of them has failed since', async () => {
    const part = { merged_into: groupIdSample(1), last_seen: old };
    const { groups, forget } = await kept(
      groupSample(1, { last_seen: old }),
      groupSample(2, { ...part, last_seen: '2026-11-23T11:00:00.000Z' }),
      groupSample(3, { last_seen: old }),
      groupSample(4, { ...part, merged_into: groupIdSample(3) }),
    );
    await forget.execute(signal);
    const left = await groups.findMany([1, 2, 3, 4].map(groupIdSample));
    expect([...left.keys()]).toEqual([1, 2].map(groupIdSample));
  });

  test('goes with what was split off from it, and stays while that has records', async () => {
    const split = (from: number, into: number) => [
      groupSample(from, { last_seen: old, splits: [{ into: groupIdSample(into), rule: { kind: 'type', error_types: ['a'] } }] }),
      groupSample(into, {
        last_seen: old,
        split_from: { group_id: groupIdSample(from), by: { kind: 'type', error_types: ['a'] } },
      }),
    ];
    const { groups, stored, forget } = await kept(...split(1, 2), ...split(3, 4));
    stored.set('record', recordSample(1, { group_id: groupIdSample(4) }));
    await forget.execute(signal);
    expect([...(await groups.findMany([1, 2, 3, 4].map(groupIdSample))).keys()]).toEqual([3, 4].map(groupIdSample));
  });

  test('is found behind more than a page of those that stay', async () => {
    const many = Array.from({ length: 250 }, (_, at) => groupSample(at, { last_seen: old }));
    const { groups, stored, forget } = await kept(...many);
    for (const { _id: group_id } of many.slice(1)) stored.set(group_id, recordSample(1, { group_id }));
    await forget.execute(signal);
    expect(await groups.find(groupIdSample(0))).toBeNull();
    expect(await groups.latest({}, null, 300)).toHaveLength(249);
  });
});
