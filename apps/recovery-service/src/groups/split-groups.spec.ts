import { beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_TENANT, type Actor, type FailureGroup, type GroupSplit } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { StoredErrorRecord } from '../records/domain/error-record.js';
import { recordSample } from '../records/domain/error-record-sample.js';
import { ErrorRecordSearchInMemory } from '../records/error-record-search-in-memory.js';
import { ErrorRecordsInMemory, type StoredRecords } from '../records/error-records-in-memory.js';
import { FinishSplits } from './commands/finish-splits.js';
import { JoinGroups } from './commands/join-groups.js';
import { NoteFailures } from './commands/note-failures.js';
import { SplitGroup } from './commands/split-group.js';
import { FailureGroupsInMemory } from './failure-groups-in-memory.js';
import { GroupAssigner } from './group-assigner.js';
import { GroupChanges } from './group-changes.js';
import { GroupMerger } from './group-merger.js';
import { GroupReader } from './group-reader.js';
import { GroupWays } from './group-ways.js';
import { LearntTemplatesInMemory } from './learnt-templates-in-memory.js';
import { SplitMover } from './split-mover.js';

const actor = { name: 'ada', role: 'operator', tenant: null } as unknown as Actor;
const { signal } = new AbortController();
const clock = { at: Date.parse('2026-11-23T12:00:00.000Z'), now: () => clock.at };

let stored: StoredRecords;
let groups: FailureGroupsInMemory;
let learnt: LearntTemplatesInMemory;
let made: number;

beforeEach(() => {
  stored = new Map();
  groups = new FailureGroupsInMemory(stored);
  learnt = new LearntTemplatesInMemory();
  made = 0;
});

/** A replica that knows nothing but what is kept. */
function replica() {
  const ways = new GroupWays(groups);
  const changes = new GroupChanges(groups);
  const search = new ErrorRecordSearchInMemory(stored);
  const assigner = new GroupAssigner(learnt, ways);
  const mover = new SplitMover(groups, search, assigner, ways, changes);
  const reader = new GroupReader(groups, clock);
  const merger = new GroupMerger(groups);
  return {
    ...{ assigner, merger, mover, notes: new NoteFailures(groups, ways) },
    split: new SplitGroup(groups, reader, changes, mover, new ErrorRecordsInMemory(stored), search, clock),
    finish: new FinishSplits(groups, mover, clock),
    join: new JoinGroups(learnt, merger, groups, changes),
  };
}

/** The record of a failure, as a replica assigns it; it is not written yet. */
async function assigned(message: string, error_type = 'smtp.550', { assigner } = replica()): Promise<StoredErrorRecord> {
  const failure = { tenant: DEFAULT_TENANT, error_type, error_message: message };
  const { group_id, group_title } = (await assigner.assign([failure])).get(failure) ?? { group_id: '', group_title: '' };
  made += 1;
  const { failed_runs: runs, ...sample } = recordSample(made);
  const timestamp = `2026-11-23T06:00:${String(made).padStart(2, '0')}.000Z`;
  const failed_runs = runs.map((run) => ({ ...run, error_type, failed_at: timestamp }));
  return { ...sample, failed_runs, timestamp, error_type, error_message: message, group_id, group_title };
}

async function fail(message: string, error_type?: string, from = replica()): Promise<StoredErrorRecord> {
  const record = await assigned(message, error_type, from);
  stored.set(record._id, record);
  await from.notes.execute([record], []);
  return stored.get(record._id) ?? record;
}

async function split(group_id: string, by: GroupSplit): Promise<FailureGroup> {
  return replica().split.execute({ group_id, by }, { actor } as Origin);
}

const groupOf = ({ _id }: StoredErrorRecord): string => stored.get(_id)?.group_id ?? '';

describe('a group that is split by a value', () => {
  test('has each record in its half, those of before and those to come, on every replica', async () => {
    const one = replica();
    const records = [];
    for (const port of ['1', '22', '333', '22']) records.push(await fail(`port ${port} is closed`, undefined, one));
    const [whole = ''] = records.map(groupOf);
    const half = await split(whole, { kind: 'value', place: 1, values: ['22'] });
    expect(half).toMatchObject({ title: 'port 22 is closed', state: 'open', count: 2, split_from: { group_id: whole } });
    expect(records.map(groupOf)).toEqual([whole, half.id, whole, half.id]);
    for (const from of [one, replica()]) {
      expect(groupOf(await fail('port 22 is closed', undefined, from))).toBe(half.id);
      expect(groupOf(await fail('port 5 is closed', undefined, from))).toBe(whole);
    }
    expect([(await groups.find(whole))?.count, (await groups.find(half.id))?.count]).toEqual([4, 4]);
    expect(await groups.find(half.id)).toMatchObject({ title: 'port 22 is closed', job_types: ['smtp.send'] });
  });

  test('is the same once more, and may be merged back and split again', async () => {
    const record = await fail('port 22 is closed');
    await fail('port 1 is closed');
    const whole = record.group_id;
    const by: GroupSplit = { kind: 'value', place: 1, values: ['22', '"22"'] };
    const { id } = await split(whole, by);
    expect((await split(whole, { ...by, values: ['22'] })).id).toBe(id);
    await replica().merger.merge(id, whole);
    expect([groupOf(record), groupOf(await fail('port 22 is closed'))]).toEqual([whole, whole]);
    expect((await split(whole, by)).id).toBe(id);
    expect([groupOf(record), groupOf(await fail('port 22 is closed'))]).toEqual([id, id]);
  });

  test('takes with it what was on its way at that moment', async () => {
    await fail('port 22 is closed');
    const from = replica();
    const late = await assigned('port 22 is closed', undefined, from);
    await fail('port 1 is closed');
    const { id } = await split(late.group_id, { kind: 'value', place: 1, values: ['22'] });
    stored.set(late._id, late);
    await from.notes.execute([late], []);
    expect(groupOf(late)).toBe(id);
  });

  test('is finished by whoever leads where the one that was asked has stopped', async () => {
    const records = [await fail('port 22 is closed'), await fail('port 1 is closed')];
    const [whole = ''] = records.map(groupOf);
    const asked = replica();
    asked.mover.execute = async () => undefined;
    const { id } = await asked.split.execute({ group_id: whole, by: { kind: 'value', place: 1, values: ['22'] } }, {
      actor,
    } as Origin);
    await replica().finish.execute(signal);
    expect(records.map(groupOf)).toEqual([whole, whole]);
    clock.at += 61_000;
    await replica().finish.execute(signal);
    expect(records.map(groupOf)).toEqual([id, whole]);
    expect((await groups.find(whole))?.moves).toBeUndefined();
  });

  test('keeps to its rule when its template becomes part of a more general one', async () => {
    const names = ['ann', 'bea', 'cem', 'dov'];
    const first = await fail('no mail for ann at 1');
    for (const name of names.slice(1)) await fail(`no mail for ${name} at 1`);
    const bea = await fail('no mail for bea at 1');
    await fail('no mail for bea at 22');
    const { id } = await split(bea.group_id, { kind: 'value', place: 1, values: ['22'] });
    for (const name of ['eva', 'fay', 'gus']) await fail(`no mail for ${name} at 1`);
    await replica().join.execute(signal);
    clock.at += 61_000;
    await replica().finish.execute(signal);
    expect(groupOf(bea)).toBe(groupOf(first));
    expect(groupOf(await fail('no mail for bea at 22'))).toBe(id);
    expect(groupOf(await fail('no mail for ann at 22'))).toBe(groupOf(first));
  });

  test('is refused where no record or every record is so, and where the title has no such place', async () => {
    const { group_id } = await fail('port 1 is closed');
    for (const by of [
      { kind: 'value', place: 1, values: ['2'] },
      { kind: 'value', place: 1, values: ['1'] },
      { kind: 'value', place: 2, values: ['1'] },
    ] satisfies GroupSplit[]) {
      await expect(split(group_id, by)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    }
    expect((await groups.find(group_id))?.splits).toBeUndefined();
  });
});

describe('a group that several were made parts of', () => {
  test('is split by error type', async () => {
    const records = [await fail('mail is off', 'smtp.550'), await fail('mail is off', 'smtp.551')];
    const [from = '', whole = ''] = records.map(groupOf);
    await replica().merger.merge(from, whole);
    const { id, error_type } = await split(whole, { kind: 'type', error_types: ['smtp.550'] });
    expect([error_type, ...records.map(groupOf)]).toEqual(['smtp.550', id, whole]);
    expect(groupOf(await fail('mail is off', 'smtp.550'))).toBe(id);
    expect(groupOf(await fail('mail is off', 'smtp.551'))).toBe(whole);
  });

  test('gives a part back with its records and with what fails so, and what was counted meanwhile', async () => {
    const [first, other] = [await fail('mail is off'), await fail('the box is full')];
    const [from, whole] = [first, other].map(groupOf) as [string, string];
    await replica().merger.merge(from, whole);
    const since = await fail('mail is off');
    expect(groupOf(since)).toBe(whole);
    const part = await split(whole, { kind: 'part', group_id: from });
    expect(part).toMatchObject({ id: from, count: 2 });
    expect([first, since, other].map(groupOf)).toEqual([from, from, whole]);
    expect(groupOf(await fail('mail is off'))).toBe(from);
    expect(await groups.find(whole)).toMatchObject({ count: 1 });
    await expect(split(whole, { kind: 'part', group_id: from })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
  });
});

describe('a group that is split by records', () => {
  test('is split by what sets them apart from the others', async () => {
    const records = [];
    for (const at of ['port 1 of 7', 'port 2 of 7', 'port 1 of 8']) records.push(await fail(`${at} is closed`));
    const [whole = ''] = records.map(groupOf);
    const half = await split(whole, { kind: 'records', error_record_ids: [records[2]?._id ?? ''] });
    expect(half.split_from?.by).toMatchObject({ kind: 'value', place: 2, values: ['8'] });
    expect(groupOf(await fail('port 9 of 8 is closed'))).toBe(half.id);
  });

  test('is refused where nothing does, and for records that are not of it', async () => {
    const [one, other] = [await fail('port 1 is closed'), await fail('port 1 is closed')];
    const alien = await fail('mail is off');
    const by = (id: string): GroupSplit => ({ kind: 'records', error_record_ids: [id] });
    await expect(split(one.group_id, by(other._id))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(split(one.group_id, by(alien._id))).rejects.toMatchObject({ code: 'ERROR_RECORD_NOT_FOUND' });
  });
});
