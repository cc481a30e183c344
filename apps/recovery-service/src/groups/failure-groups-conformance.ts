import { equal } from 'node:assert/strict';
import { recordSample } from '../records/domain/error-record-sample.js';
import { begin, equalText } from '../records/error-records-conformance.js';
import type { ErrorRecords } from '../records/error-records.js';
import { groupIdSample, groupSample } from './domain/group-sample.js';
import type { StoredGroup } from './domain/failure-group.js';
import type { FailureGroups, GroupFilter, GroupPlace } from './failure-groups.js';

interface Kept {
  records: ErrorRecords;
  groups: FailureGroups;
}

/** What every keeper of the groups of failures promises. It begins without any. */
export const failureGroupPromises: [promise: string, hold: (kept: Kept) => Promise<void>][] = [
  ['keeps what was written, and writes over what was read only', keeps],
  ['gives those that failed last first, by the page, and none that is part of another', givesPages],
  ['gives those of a state, a type, a person and a tenant', filters],
  ['gives the parts of groups', givesParts],
  ['keeps events until they were told', keepsEvents],
  ['gives those whose time to be ignored is over', givesIgnored],
  ['removes what is as it was read, all of it or nothing', removes],
  ['tells which groups have records', tellsWithRecords],
  ['moves the records of a group', movesRecords],
  ['moves some records of a group, and tells where some are still to be moved', movesSome],
  ['gives each record that several move at once to one of them', movesAtOnce],
];

async function stored(groups: FailureGroups, ...given: StoredGroup[]): Promise<void> {
  equal(await groups.write(given.map((next) => ({ previous: null, next }))), true);
}

async function keeps({ groups }: Kept): Promise<void> {
  const group = groupSample(1);
  await stored(groups, group);
  equalText(await groups.find(group._id), group);
  equal(await groups.find(groupIdSample(9)), null);
  equal(await groups.write([{ previous: null, next: group }]), false);
  const next = { ...group, note: 'so', version: 2 };
  const other = groupSample(2);
  equal(
    await groups.write([
      { previous: { ...group, version: 7 }, next },
      { previous: null, next: other },
    ]),
    false,
  );
  equalText(
    [...(await groups.findMany([group._id, other._id, 'grp_none'])).values()].map(({ note }) => note),
    [null, null],
  );
  equal(await groups.write([{ previous: group, next }]), true);
  equalText(await groups.find(group._id), next);
}

async function givesPages({ groups }: Kept): Promise<void> {
  const seen = (hour: number): string => `2026-11-23T0${hour}:00:00.000Z`;
  const given = [1, 2, 3, 4].map((index) => groupSample(index, { last_seen: seen(Math.ceil(index / 2)) }));
  await stored(groups, ...given, groupSample(5, { merged_into: groupIdSample(1), last_seen: seen(9) }));
  const found: string[] = [];
  for (let place: GroupPlace | null = null; ;) {
    const page: StoredGroup[] = await groups.latest({}, place, 3);
    found.push(...page.map(({ _id }) => _id));
    const last = page.at(-1);
    if (!last || page.length < 3) break;
    place = { last_seen: last.last_seen, id: last._id };
  }
  equalText(found, [4, 3, 2, 1].map(groupIdSample));
}

async function filters({ groups }: Kept): Promise<void> {
  await stored(
    groups,
    groupSample(1, { state: 'resolved' }),
    groupSample(2, { error_type: 'net.timeout' }),
    groupSample(3, { assignee: 'ada' }),
    groupSample(4, { tenant: 'acme' }),
  );
  const wanted: [GroupFilter, number[]][] = [
    [{}, [4, 3, 2, 1]],
    [{ state: 'resolved' }, [1]],
    [{ error_type: 'net.timeout', state: undefined }, [2]],
    [{ assignee: 'ada' }, [3]],
    [{ tenant: 'acme' }, [4]],
    [{ tenant: 'acme', state: 'resolved' }, []],
  ];
  for (const [filter, expected] of wanted) {
    equalText(
      (await groups.latest(filter, null, 9)).map(({ _id }) => _id),
      expected.map(groupIdSample),
    );
  }
}

async function givesParts({ groups }: Kept): Promise<void> {
  await stored(groups, groupSample(1), groupSample(2, { merged_into: groupIdSample(1) }), groupSample(3));
  equalText(
    (await groups.partsOf([groupIdSample(1), groupIdSample(3)])).map(({ _id }) => _id),
    [groupIdSample(2)],
  );
}

async function keepsEvents({ groups }: Kept): Promise<void> {
  const event = { at: 'then', resolved_at: 'before', job_id: 'job', error_record_id: 'err' };
  await stored(groups, groupSample(1), groupSample(2, { events: ['a', 'b'].map((event_id) => ({ event_id, ...event })) }));
  await groups.told(groupIdSample(2), 'a');
  const [found, ...others] = await groups.withEvents(9);
  equalText([found?.events.map(({ event_id }) => event_id), found?.version, others], [['b'], 2, []]);
  await groups.told(groupIdSample(2), 'b');
  equalText(await groups.withEvents(9), []);
}

async function givesIgnored({ groups }: Kept): Promise<void> {
  const until = (index: number, time: string | null): StoredGroup =>
    groupSample(index, { state: 'ignored', ignored_until: time === null ? null : `2026-11-23T${time}:00.000Z` });
  await stored(groups, until(1, '09:00'), until(2, '08:00'), until(3, null), until(4, '10:00'), groupSample(5));
  await stored(groups, { ...until(6, '09:00'), merged_into: groupIdSample(1) });
  const found = await groups.ignoredUntil('2026-11-23T10:00:00.000Z', 9);
  equalText(
    found.map(({ _id }) => _id),
    [2, 1].map(groupIdSample),
  );
  equal((await groups.ignoredUntil('2026-11-23T10:00:00.000Z', 1)).length, 1);
}

async function removes({ groups }: Kept): Promise<void> {
  const [one, other] = [groupSample(1), groupSample(2)];
  await stored(groups, one, other);
  equal(await groups.remove([one, { ...other, version: 7 }]), false);
  equalText([await groups.find(one._id), await groups.find(other._id)], [one, other]);
  equal(await groups.remove([one]), true);
  equalText([await groups.find(one._id), await groups.find(other._id)], [null, other]);
  equal(await groups.remove([]), true);
}

async function tellsWithRecords({ groups, records }: Kept): Promise<void> {
  const group_id = groupIdSample(1);
  await begin(records, recordSample(1, { group_id }), recordSample(2, { group_id }));
  equalText(await groups.withRecords([groupIdSample(1), groupIdSample(2)]), [groupIdSample(1)]);
}

async function movesRecords({ groups, records }: Kept): Promise<void> {
  const [one, other] = [recordSample(1, { group_id: groupIdSample(1) }), recordSample(2, { group_id: groupIdSample(2) })];
  await begin(records, one, other);
  await groups.moveRecords(groupIdSample(1), groupIdSample(3));
  equalText(await records.find(one._id), { ...one, group_id: groupIdSample(3), version: 2 });
  equalText(await records.find(other._id), other);
}

async function movesSome({ groups, records }: Kept): Promise<void> {
  const [from, into] = [groupIdSample(1), groupIdSample(2)];
  const [one, other, third] = [
    recordSample(1, { group_id: from }),
    recordSample(2, { group_id: from }),
    recordSample(3, { group_id: groupIdSample(3) }),
  ];
  await begin(records, one, other, third);
  const moved = await groups.moveSome([third._id, one._id], from, into);
  equalText(
    moved.map(({ _id, group_id, version }) => [_id, group_id, version]),
    [[one._id, into, one.version + 1]],
  );
  equalText(await groups.moveSome([one._id], from, into), []);
  const found = await records.findMany([one._id, other._id, third._id]);
  equalText(
    [...found.values()].map(({ group_id }) => group_id),
    [into, from, groupIdSample(3)],
  );
  const move = { into, was_part: false, counted_until: null, until: '2026-11-23T09:00:00.000Z' };
  await stored(groups, groupSample(1, { moves: [move] }), groupSample(2));
  equalText(await groups.withMoves('2026-11-23T09:00:00.000Z', 9), []);
  equalText(
    (await groups.withMoves('2026-11-23T09:00:01.000Z', 9)).map(({ _id }) => _id),
    [from],
  );
  for (const id of [from, into]) {
    equalText(
      (await groups.moving([id, groupIdSample(3)])).map(({ _id }) => _id),
      [from],
    );
  }
  equalText(await groups.moving([groupIdSample(3)]), []);
}

async function movesAtOnce({ groups, records }: Kept): Promise<void> {
  const [from, into] = [groupIdSample(1), groupIdSample(2)];
  const given = Array.from({ length: 50 }, (_, at) => recordSample(at, { group_id: from }));
  await begin(records, ...given);
  const ids = given.map(({ _id }) => _id);
  const moved = await Promise.all([1, 2, 3, 4].map(async () => groups.moveSome(ids, from, into)));
  equalText(moved.flatMap((some) => some.map(({ _id }) => _id)).sort(), ids.toSorted());
}
