import { describe, expect, test } from '@jest/globals';
import { DEFAULT_TENANT } from '@kintsugi/contracts';
import { ErrorRecordsInMemory, type StoredRecords } from '../records/error-records-in-memory.js';
import { recordSample } from '../records/domain/error-record-sample.js';
import { JoinGroups } from './commands/join-groups.js';
import { NoteFailures } from './commands/note-failures.js';
import { FailureGroupsInMemory } from './failure-groups-in-memory.js';
import { GroupAssigner, type GroupedFailure } from './group-assigner.js';
import { GroupChanges } from './group-changes.js';
import { GroupMerger } from './group-merger.js';
import { GroupWays } from './group-ways.js';
import { LearntTemplatesInMemory } from './learnt-templates-in-memory.js';

const people = ['ann', 'bea', 'cem', 'dov', 'eva', 'fay'];
const { signal } = new AbortController();

function failureOf(message: string, given: Partial<GroupedFailure> = {}): GroupedFailure {
  return { tenant: DEFAULT_TENANT, error_type: 'smtp.550', error_message: message, ...given };
}

/** Two replicas over one database. */
function replicas() {
  const stored: StoredRecords = new Map();
  const groups = new FailureGroupsInMemory(stored);
  const learnt = new LearntTemplatesInMemory();
  const [one, other] = [new GroupAssigner(learnt, new GroupWays(groups)), new GroupAssigner(learnt, new GroupWays(groups))];
  const idsOf = async (assigner: GroupAssigner, ...messages: string[]): Promise<string[]> => {
    const failures = messages.map((message) => failureOf(message));
    const assigned = await assigner.assign(failures);
    return failures.map((failure) => assigned.get(failure)?.group_id ?? '');
  };
  const merger = new GroupMerger(groups);
  return {
    one,
    other,
    groups,
    learnt,
    idsOf,
    records: new ErrorRecordsInMemory(stored),
    merger,
    joinGroups: new JoinGroups(learnt, merger, groups, new GroupChanges(groups)),
  };
}

describe('the group of a failure', () => {
  test('is the same for messages that differ in values, on every replica', async () => {
    const { one, other, idsOf } = replicas();
    const [first] = await idsOf(one, 'port 1 is closed');
    expect(await idsOf(other, 'port 22 is closed', 'mail is off', 'port 3 is closed')).toEqual([
      first,
      expect.any(String),
      first,
    ]);
    expect(first).toMatch(/^grp_[0-9a-f]{32}$/);
  });

  test('is another for another tenant, error type or place of the code', async () => {
    const { one } = replicas();
    const failures = [
      failureOf('no'),
      failureOf('no', { tenant: 'acme' }),
      failureOf('no', { error_type: 'smtp.551' }),
      failureOf('no', { stack_trace: 'Error: no\n    at send (/srv/mail.js:1:1)' }),
    ];
    const assigned = await one.assign(failures);
    expect(new Set(failures.map((failure) => assigned.get(failure)?.group_id)).size).toBe(4);
  });

  test('replicas that learn at once end with the same groups', async () => {
    const { one, other, idsOf, joinGroups } = replicas();
    const messages = people.map((name) => `no mail for ${name}`);
    await Promise.all(messages.map((message, at) => idsOf(at % 2 === 0 ? one : other, message)));
    await joinGroups.execute(signal);
    expect(await idsOf(one, 'no mail for gus', ...messages)).toEqual(await idsOf(other, 'no mail for gus', ...messages));
  });

  test('what a message that is known costs is no look at what was learnt', async () => {
    const { one, learnt, idsOf } = replicas();
    const [first] = await idsOf(one, 'port 1 is closed');
    learnt.load = () => Promise.reject(new Error('It was looked at.'));
    expect(await idsOf(one, 'port 2 is closed')).toEqual([first]);
    await expect(idsOf(one, 'something new')).rejects.toThrow('It was looked at.');
  });
});

describe('groups whose templates become one', () => {
  test('are joined with their records, and lead to the oldest', async () => {
    const { one, other, groups, idsOf, joinGroups, records } = replicas();
    const ids: string[] = [];
    for (const [at, name] of people.slice(0, 4).entries()) {
      const [group_id = ''] = await idsOf(one, `no mail for ${name}`);
      ids.push(group_id);
      const record = recordSample(at, { group_id });
      await records.write([{ previous: null, next: record }]);
      await new NoteFailures(groups, new GroupWays(groups)).execute([record], []);
    }
    expect(new Set(ids).size).toBe(4);
    await idsOf(other, 'no mail for eva');
    await joinGroups.execute(signal);
    expect((await groups.latest({}, null, 9)).map(({ _id }) => _id)).toEqual([ids[0]]);
    expect((await groups.partsOf([ids[0] ?? ''])).map(({ _id }) => _id).sort()).toEqual(ids.slice(1).sort());
    const found = await records.findMany([0, 1, 2, 3].map((at) => recordSample(at)._id));
    expect([...found.values()].map(({ group_id }) => group_id)).toEqual(ids.map(() => ids[0]));
    // The copy of this replica still knows the name by the template that it had.
    expect(await idsOf(one, 'no mail for bea')).toEqual([ids[0]]);
  });

  test('by a person lead on, and a group that leads to it goes with it', async () => {
    const { one, groups, idsOf, merger } = replicas();
    const [a = '', b = '', c = ''] = await idsOf(one, 'mail is off', 'mail is on', 'the box is full');
    const records = [a, b, c].map((group_id, at) => recordSample(at, { group_id }));
    await new NoteFailures(groups, new GroupWays(groups)).execute(records, []);
    await merger.merge(a, b);
    await merger.merge(b, c);
    await merger.merge(a, c);
    expect(await idsOf(one, 'mail is off', 'mail is on')).toEqual([c, c]);
    expect(await merger.merge(c, a)).toMatchObject({ _id: c });
    expect((await groups.latest({}, null, 9)).map(({ _id }) => _id)).toEqual([c]);
  });
});

describe('counting failures', () => {
  test('a failure that comes again is not counted again, but begins the group that a crash has kept from beginning', async () => {
    const { groups } = replicas();
    const notes = new NoteFailures(groups, new GroupWays(groups));
    const record = recordSample(1);
    await notes.execute([], [record]);
    await notes.execute([], [record]);
    expect(await groups.find(record.group_id)).toMatchObject({ count: 1 });
    await notes.execute([record, recordSample(2)], [record]);
    expect(await groups.find(record.group_id)).toMatchObject({ count: 3 });
  });

  test('loses nothing to others who count at once', async () => {
    const { groups } = replicas();
    await Promise.all(
      Array.from({ length: 5 }, (_, at) => new NoteFailures(groups, new GroupWays(groups)).execute([recordSample(at)], [])),
    );
    expect(await groups.find(recordSample(0).group_id)).toMatchObject({ count: 5 });
  });
});
