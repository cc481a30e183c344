import { describe, expect, jest, test } from '@jest/globals';
import { recordSample } from '../records/domain/error-record-sample.js';
import type { StoredRecords } from '../records/error-records-in-memory.js';
import type { FinishSplits } from './commands/finish-splits.js';
import { ForgetGroups } from './commands/forget-groups.js';
import type { JoinGroups } from './commands/join-groups.js';
import { ReopenGroups } from './commands/reopen-groups.js';
import type { TellGroupEvents } from './commands/tell-group-events.js';
import { groupIdSample, groupSample } from './domain/group-sample.js';
import type { StoredGroup } from './domain/failure-group.js';
import { FailureGroupsInMemory } from './failure-groups-in-memory.js';
import type { FailureGroups } from './failure-groups.js';
import { GroupChores } from './group-chores.js';
import { GroupMerger } from './group-merger.js';
import { stillnessSample } from '../platform/stillness-sample.js';

const now = Date.parse('2026-11-23T12:00:00.000Z');
const { signal } = new AbortController();

type ChoresOfGroups = [JoinGroups, ReopenGroups, TellGroupEvents, FinishSplits, ForgetGroups];

async function kept(...given: StoredGroup[]) {
  const stored: StoredRecords = new Map();
  const groups = new FailureGroupsInMemory(stored);
  await groups.write(given.map((next) => ({ previous: null, next })));
  const clock = { at: now, now: () => clock.at };
  const logger = { warn: jest.fn() };
  const forgetting = (of: FailureGroups) => new ForgetGroups(of, clock, { ERROR_RETENTION_DAYS: 1 }, logger);
  const left = async (): Promise<number[]> =>
    [...(await groups.findMany(given.map(({ _id }) => _id))).keys()].map((id) => Number.parseInt(id.slice(4), 16)).sort();
  return {
    ...{ stored, groups, clock, logger, left, forgetting },
    reopen: new ReopenGroups(groups, clock),
    forget: forgetting(groups),
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

const [longAgo, lately] = ['2026-11-22T11:00:00.000Z', '2026-11-22T13:00:00.000Z'];
const old = { last_seen: longAgo, state_at: longAgo };
const partOf = (root: number) => ({ ...old, merged_into: groupIdSample(root) });

/** A group, and what was split off from it. */
function split(from: number, into: number): StoredGroup[] {
  const rule = { kind: 'type' as const, error_types: ['a'] };
  return [
    groupSample(from, { ...old, splits: [{ into: groupIdSample(into), rule }] }),
    groupSample(into, { ...old, split_from: { group_id: groupIdSample(from), by: rule } }),
  ];
}

/** The same groups, and what happens once it was asked for the second time which of them have records. */
function meanwhile(groups: FailureGroups, happen: () => Promise<unknown>): FailureGroups {
  let asked = 0;
  const withRecords = async (ids: readonly string[]): Promise<string[]> => {
    const found = await groups.withRecords(ids);
    asked += 1;
    if (asked === 2) await happen();
    return found;
  };
  return new Proxy(groups, {
    get: (target, name) =>
      name === 'withRecords' ? withRecords : (Reflect.get(target, name, target) as () => unknown).bind(target),
  });
}

describe('a group whose records are all gone', () => {
  test('goes once it has not failed for as long as records are kept, and no other does', async () => {
    const event = { event_id: 'e', at: longAgo, ignored_at: longAgo, reason: 'time' as const };
    const { stored, forget, left } = await kept(
      groupSample(1, old),
      groupSample(2, { ...old, last_seen: lately }),
      groupSample(3, old),
      groupSample(4, { ...old, state_at: lately }),
      groupSample(5, { ...old, events: [event] }),
    );
    stored.set('record', recordSample(1, { group_id: groupIdSample(3) }));
    await forget.execute(signal);
    expect(await left()).toEqual([2, 3, 4, 5]);
  });

  test('goes with the parts that were found to be it, and stays while one of them has failed since', async () => {
    const { forget, left } = await kept(
      groupSample(1, old),
      groupSample(2, { ...partOf(1), joined: true, last_seen: lately }),
      groupSample(3, old),
      groupSample(4, { ...partOf(3), joined: true }),
    );
    await forget.execute(signal);
    expect(await left()).toEqual([1, 2]);
  });

  test('stays with all that a person has said of it', async () => {
    const { forget, left } = await kept(
      ...(['acknowledged', 'resolved', 'ignored'] as const).map((state, at) => groupSample(at + 1, { ...old, state })),
      groupSample(4, { ...old, note: 'The relay.' }),
      groupSample(5, { ...old, assignee: 'ada' }),
      ...split(6, 7),
      ...[groupSample(8, old), groupSample(9, partOf(8))],
    );
    await forget.execute(signal);
    expect(await left()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('and that a person has said something of, goes where more are, the one of longest ago first, and that is told', async () => {
    const days = (many: number): string => new Date(now - many * 86_400_000).toISOString();
    const said = [2, 5, 3, 4].map((ago, at) => groupSample(at + 1, { ...old, last_seen: days(ago), note: `${ago} days` }));
    const { forget, left, logger } = await kept(...said);
    Object.assign(forget, { saidMax: 2 });
    await forget.execute(signal);
    await forget.execute(signal);
    expect(await left()).toEqual([1, 3]);
    expect(logger.warn.mock.calls.map(([lost]) => lost)).toMatchObject([{ note: '4 days' }, { note: '5 days' }]);
  });

  test('goes with what was split off from it, and stays while that has records', async () => {
    const { stored, forget, left } = await kept(...split(1, 2), ...split(3, 4));
    Object.assign(forget, { saidMax: 0 });
    stored.set('record', recordSample(1, { group_id: groupIdSample(4) }));
    await forget.execute(signal);
    expect(await left()).toEqual([3, 4]);
  });

  test('stays with its parts where a failure is counted in it at that moment', async () => {
    const { groups, forgetting, left } = await kept(groupSample(1, old), groupSample(2, { ...partOf(1), joined: true }));
    const counted = meanwhile(groups, async () => {
      const previous = await groups.find(groupIdSample(1));
      if (previous) await groups.write([{ previous, next: { ...previous, version: previous.version + 1 } }]);
    });
    await forgetting(counted).execute(signal);
    expect(await left()).toEqual([1, 2]);
  });

  test('stays with a group that a person makes part of it at that moment', async () => {
    const { groups, forgetting, left } = await kept(groupSample(1, old), groupSample(2, { ...old, last_seen: lately }));
    const merged = meanwhile(groups, () => new GroupMerger(groups).merge(groupIdSample(2), groupIdSample(1)));
    await forgetting(merged).execute(signal);
    expect(await left()).toEqual([1, 2]);
  });

  test('is found behind more than a page of those that stay, which are looked at a page at a time', async () => {
    const many = Array.from({ length: 250 }, (_, at) => groupSample(at, old));
    const { groups, stored, forget } = await kept(...many);
    for (const { _id: group_id } of many.slice(1)) stored.set(group_id, recordSample(1, { group_id }));
    expect(await forget.execute(signal)).toBe(true);
    expect(await groups.find(groupIdSample(0))).not.toBeNull();
    expect(await forget.execute(signal)).toBe(false);
    expect(await groups.find(groupIdSample(0))).toBeNull();
    expect(await groups.latest({}, null, 300)).toHaveLength(249);
  });
});

describe('the chores of groups', () => {
  test('hold up none of the others, whether one takes for ever or cannot be done', async () => {
    const [told, tried] = [thrice(), thrice()];
    const never = { execute: () => new Promise<never>(() => undefined) };
    const faulty = { execute: async () => Promise.reject(new Error('no')) };
    const [join, reopen, tell, finish, forget] = [
      faulty,
      { execute: async () => undefined },
      { execute: told.call },
      never,
      never,
    ];
    const chores = new GroupChores(
      ...([join, reopen, tell, finish, forget] as unknown as ChoresOfGroups),
      stillnessSample(),
      { COMMAND_RESEND_SECONDS: 0.01 },
      { error: tried.call },
    );
    const stopping = new AbortController();
    chores.run(stopping.signal).catch(() => undefined);
    await Promise.all([told.happened, tried.happened]);
    stopping.abort();
    expect([told.call, tried.call].map(({ mock }) => mock.calls.length >= 3)).toEqual([true, true]);
  });

  test('see soon to what one of them has left, also where nothing has come in for long', async () => {
    jest.useFakeTimers();
    let [isOver, looks] = [false, 0];
    const none = { execute: async () => false };
    const reopen = { execute: async () => isOver };
    const tell = { execute: async () => ((looks += 1), false) };
    const chores = new GroupChores(
      ...([none, reopen, tell, none, none] as unknown as ChoresOfGroups),
      stillnessSample(30),
      { COMMAND_RESEND_SECONDS: 30 },
      { error: () => undefined },
    );
    const looksIn = async (seconds: number): Promise<number> => {
      const before = looks;
      await jest.advanceTimersByTimeAsync(seconds * 1_000);
      return looks - before;
    };
    const stopping = new AbortController();
    chores.run(stopping.signal).catch(() => undefined);
    await looksIn(90);
    expect(await looksIn(60)).toBeLessThanOrEqual(2);
    isOver = true;
    await looksIn(30);
    expect(await looksIn(9)).toBeGreaterThanOrEqual(2);
    stopping.abort();
    jest.useRealTimers();
  });
});

/** What is called, and the third time that it was. */
function thrice() {
  const { promise: happened, resolve } = Promise.withResolvers<undefined>();
  const call = jest.fn((): void => {
    if (call.mock.calls.length === 3) resolve(undefined);
  });
  return { call, happened };
}
