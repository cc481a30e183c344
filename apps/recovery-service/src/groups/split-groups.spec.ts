import { describe, expect, test } from '@jest/globals';
import type { GroupSplit } from '@kintsugi/contracts';
import { splitsInMemory } from './splits-in-memory.js';

const { signal } = new AbortController();

describe('a group that is split by a value', () => {
  test('has each record in its half, those of before and those to come, on every replica', async () => {
    const { groups, replica, fail, split, groupOf } = splitsInMemory();
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
    const { replica, fail, split, groupOf } = splitsInMemory();
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
    const { stored, replica, assigned, fail, split, groupOf } = splitsInMemory();
    await fail('port 22 is closed');
    const from = replica();
    const late = await assigned('port 22 is closed', undefined, from);
    await fail('port 1 is closed');
    const { id } = await split(late.group_id, { kind: 'value', place: 1, values: ['22'] });
    stored.set(late._id, late);
    await from.notes.execute([late], []);
    expect(groupOf(late)).toBe(id);
  });

  test('takes each of those that were on their way together where it goes', async () => {
    const { stored, replica, assigned, fail, split, groupOf } = splitsInMemory();
    for (const port of [22, 333, 1]) await fail(`port ${port} is closed`);
    const from = replica();
    const late = [];
    for (const port of [22, 333, 22, 1, 333]) late.push(await assigned(`port ${port} is closed`, undefined, from));
    const [whole = ''] = late.map(({ group_id }) => group_id);
    const { id } = await split(whole, { kind: 'value', place: 1, values: ['22'] });
    const { id: other } = await split(whole, { kind: 'value', place: 1, values: ['333'] });
    for (const record of late) stored.set(record._id, record);
    await from.notes.execute(late, []);
    expect(late.map(groupOf)).toEqual([id, other, id, whole, other]);
  });

  test('is finished by whoever leads where the one that was asked has stopped', async () => {
    const { groups, clock, replica, stopped, fail, split, groupOf } = splitsInMemory();
    const records = [await fail('port 22 is closed'), await fail('port 1 is closed')];
    const [whole = ''] = records.map(groupOf);
    const { id } = await split(whole, { kind: 'value', place: 1, values: ['22'] }, stopped());
    await replica().finish.execute(signal);
    expect(records.map(groupOf)).toEqual([whole, whole]);
    clock.at += 61_000;
    await replica().finish.execute(signal);
    expect(records.map(groupOf)).toEqual([id, whole]);
    expect((await groups.find(whole))?.moves).toBeUndefined();
  });

  test('keeps to its rule when its template becomes part of a more general one', async () => {
    const { clock, replica, fail, split, groupOf } = splitsInMemory();
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
    const { groups, fail, split } = splitsInMemory();
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
    const { replica, fail, split, groupOf } = splitsInMemory();
    const records = [await fail('mail is off', 'smtp.550'), await fail('mail is off', 'smtp.551')];
    const [from = '', whole = ''] = records.map(groupOf);
    await replica().merger.merge(from, whole);
    const { id, error_type } = await split(whole, { kind: 'type', error_types: ['smtp.550'] });
    expect([error_type, ...records.map(groupOf)]).toEqual(['smtp.550', id, whole]);
    expect(groupOf(await fail('mail is off', 'smtp.550'))).toBe(id);
    expect(groupOf(await fail('mail is off', 'smtp.551'))).toBe(whole);
  });

  test('gives a part back with its records and with what fails so, and what was counted meanwhile', async () => {
    const { groups, replica, fail, split, groupOf } = splitsInMemory();
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
    await expect(split(whole, { kind: 'part', group_id: whole })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});

describe('a group that is split by records', () => {
  test('is split by what sets them apart from the others', async () => {
    const { fail, split, groupOf } = splitsInMemory();
    const records = [];
    for (const at of ['port 1 of 7', 'port 2 of 7', 'port 1 of 8']) records.push(await fail(`${at} is closed`));
    const [whole = ''] = records.map(groupOf);
    const half = await split(whole, { kind: 'records', error_record_ids: [records[2]?._id ?? ''] });
    expect(half.split_from?.by).toMatchObject({ kind: 'value', place: 2, values: ['8'] });
    expect(groupOf(await fail('port 9 of 8 is closed'))).toBe(half.id);
  });

  test('is refused where nothing does, and for records that are not of it', async () => {
    const { fail, split } = splitsInMemory();
    const [one, other] = [await fail('port 1 is closed'), await fail('port 1 is closed')];
    const alien = await fail('mail is off');
    const by = (id: string): GroupSplit => ({ kind: 'records', error_record_ids: [id] });
    await expect(split(one.group_id, by(other._id))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(split(one.group_id, by(alien._id))).rejects.toMatchObject({ code: 'ERROR_RECORD_NOT_FOUND' });
  });
});
