import { describe, expect, test } from '@jest/globals';
import type { GroupSplit } from '@kintsugi/contracts';
import { ErrorRecordSearchInMemory } from '../records/error-record-search-in-memory.js';
import { groupIdSample } from './domain/group-sample.js';
import { origin, splitsInMemory } from './splits-in-memory.js';

const { signal } = new AbortController();
const by22: GroupSplit = { kind: 'value', place: 1, values: ['22'] };
const conflict = { code: 'STATE_CONFLICT' };

/** Groups with three failures of one template, two of which are alike. */
async function kept() {
  const all = splitsInMemory();
  const records = [];
  for (const port of ['22', '1', '22']) records.push(await all.fail(`port ${port} is closed`));
  const [{ _id: first, group_id: whole } = { _id: '', group_id: '' }] = records;
  return { ...all, records, first, whole };
}

describe('a group that was split off and merged back', () => {
  test('counts each failure once when it is split off again', async () => {
    const { replica, fail, split, groupOf, countsOf, records, whole } = await kept();
    const { id } = await split(whole, by22);
    expect(await countsOf(id, whole)).toEqual([2, 1]);
    await replica().merge.execute({ group_ids: [id], into_group_id: whole }, origin);
    const since = await fail('port 22 is closed');
    expect(await split(whole, by22)).toMatchObject({ id, count: 3 });
    expect([...records, since].map(groupOf)).toEqual([id, whole, id, id]);
    expect(await countsOf(id, whole)).toEqual([3, 1]);
  });

  test('is not taken from another group that it was made part of since; that one gives it back', async () => {
    const { replica, fail, split, groupOf, countsOf, records, whole } = await kept();
    const { id } = await split(whole, by22);
    const other = await fail('mail is off');
    await replica().merge.execute({ group_ids: [id], into_group_id: other.group_id }, origin);
    await expect(split(whole, by22)).rejects.toMatchObject(conflict);
    expect(records.map(groupOf)).toEqual([other.group_id, whole, other.group_id]);
    await split(other.group_id, { kind: 'part', group_id: id });
    expect(records.map(groupOf)).toEqual([id, whole, id]);
    expect(await countsOf(id, whole, other.group_id)).toEqual([2, 1, 1]);
  });
});

describe('a split of which the records are moved by several at once', () => {
  test('counts each failure once, and opens nothing that is ignored', async () => {
    const { groups, replica, stopped, split, countsOf, records, groupOf, whole } = await kept();
    const group = await groups.find(whole);
    await groups.write([
      { previous: group, next: { ...group, ...{ state: 'ignored', ignored_count: 5 }, version: 9 } as NonNullable<typeof group> },
    ]);
    const { id } = await split(whole, by22, stopped());
    await Promise.all([1, 2, 3].map(async () => replica().mover.execute(whole, () => true)));
    expect(records.map(groupOf)).toEqual([id, whole, id]);
    expect(await countsOf(id, whole)).toEqual([2, 1]);
    expect(await groups.find(whole)).toMatchObject({ state: 'ignored', ignored_count: 3, events: [] });
  });

  test('counts a part that is split off meanwhile as a part', async () => {
    const { stored, replica, fail, split, stopped, countsOf, whole } = await kept();
    const { id } = await split(whole, by22);
    await replica().merge.execute({ group_ids: [id], into_group_id: whole }, origin);
    await fail('port 333 is closed');
    const other = await split(whole, { ...by22, values: ['333'] }, stopped());
    const search = new (class extends ErrorRecordSearchInMemory {
      private isAsked = false;

      override async newestFirst(...given: Parameters<ErrorRecordSearchInMemory['newestFirst']>) {
        if (!this.isAsked) {
          this.isAsked = true;
          await split(whole, by22, stopped());
        }
        return super.newestFirst(...given);
      }
    })(stored);
    await replica(search).mover.execute(whole, () => true);
    expect(await countsOf(id, other.id, whole)).toEqual([2, 1, 1]);
  });
});

describe('a split that is refused', () => {
  test('leaves no group behind, also where another has split at that moment', async () => {
    const { groups, fail, split, whole } = await kept();
    await fail('port 333 is closed');
    const group = (await groups.find(whole)) ?? undefined;
    const splits = Array.from({ length: 99 }, (_, at) => ({
      into: groupIdSample(at),
      rule: { kind: 'type' as const, error_types: ['other'] },
    }));
    await groups.write([{ previous: group ?? null, next: { ...group, splits, version: 9 } as NonNullable<typeof group> }]);
    const asked = [by22, { ...by22, values: ['333'] }].map(async (by) => split(whole, by));
    expect((await Promise.allSettled(asked)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(split(whole, { ...by22, values: ['1'] })).rejects.toMatchObject(conflict);
    expect(await groups.latest({}, null, 9)).toHaveLength(2);
  });
});

describe('a split that is asked for once more', () => {
  test('leads to the same group by records, whether they have moved or not', async () => {
    const { stopped, fail, split, countsOf, first, whole } = await kept();
    const by: GroupSplit = { kind: 'records', error_record_ids: [first] };
    await expect(split(whole, by)).rejects.toMatchObject(conflict);
    const last = await fail('port 333 is closed');
    const alone: GroupSplit = { kind: 'records', error_record_ids: [last._id] };
    const { id } = await split(whole, alone, stopped());
    expect((await split(whole, alone)).id).toBe(id);
    expect((await split(whole, alone)).id).toBe(id);
    expect(await countsOf(id, whole)).toEqual([1, 3]);
    const mixed: GroupSplit = { kind: 'records', error_record_ids: [last._id, first] };
    await expect(split(whole, mixed)).rejects.toMatchObject({ code: 'ERROR_RECORD_NOT_FOUND' });
  });

  test('leads to the same group by part, while it moves and when it is done', async () => {
    const { replica, stopped, fail, split, countsOf, whole } = await kept();
    const { group_id } = await fail('mail is off');
    const by: GroupSplit = { kind: 'part', group_id };
    await replica().merge.execute({ group_ids: [group_id], into_group_id: whole }, origin);
    await fail('mail is off');
    for (const asked of [stopped(), replica(), replica()]) expect((await split(whole, by, asked)).id).toBe(group_id);
    expect(await countsOf(group_id, whole)).toEqual([2, 3]);
  });
});

describe('a group that was split off by a value in quotes', () => {
  test('may be split by the values that are left, counted as its title shows them', async () => {
    const { fail, split, groupOf } = splitsInMemory();
    const records = [];
    for (const [name, at] of [
      ["'bob'", 7],
      ["'bob'", 8],
      ['"bob"', 8],
      ["'ann'", 7],
    ]) {
      records.push(await fail(`user ${name} at ${at} is gone`));
    }
    const [whole = ''] = records.map(groupOf);
    const bobs = await split(whole, { kind: 'value', place: 1, values: ['bob'] });
    expect(bobs.title).toBe('user bob at <*> is gone');
    await expect(split(bobs.id, { kind: 'value', place: 2, values: ['8'] })).rejects.toMatchObject(conflict);
    const half = await split(bobs.id, { kind: 'value', place: 1, values: ['8'] });
    expect(half).toMatchObject({ title: 'user bob at 8 is gone', count: 2 });
    expect(records.map(groupOf)).toEqual([bobs.id, half.id, half.id, whole]);
    expect(groupOf(await fail("user 'bob' at 8 is gone"))).toBe(half.id);
    expect(groupOf(await fail("user 'bob' at 9 is gone"))).toBe(bobs.id);
  });
});

describe('groups between which records are on their way', () => {
  test('are not merged by people until that is done', async () => {
    const { replica, stopped, fail, split, groupOf, records, whole } = await kept();
    const { group_id: other } = await fail('mail is off');
    const { id } = await split(whole, by22, stopped());
    for (const [from, into] of [
      [whole, other],
      [id, other],
      [other, whole],
      [other, id],
      [id, whole],
    ] as const) {
      const merged = replica().merge.execute({ group_ids: [from], into_group_id: into }, origin);
      await expect(merged).rejects.toMatchObject(conflict);
    }
    await expect(replica().merger.merge(whole, other)).rejects.toMatchObject(conflict);
    await replica().mover.execute(whole, () => true);
    await replica().merge.execute({ group_ids: [whole], into_group_id: other }, origin);
    expect(records.map(groupOf)).toEqual([id, other, id]);
  });

  test('are joined with what their templates have become once that is done', async () => {
    const { replica, stopped, clock, fail, split, groups, groupOf } = splitsInMemory();
    const first = await fail('no mail for ann at 1');
    for (const name of ['bea', 'cem', 'dov', 'bea']) await fail(`no mail for ${name} at 1`);
    const bea = await fail('no mail for bea at 22');
    await split(bea.group_id, by22, stopped());
    for (const name of ['eva', 'fay', 'gus']) await fail(`no mail for ${name} at 1`);
    await replica().join.execute(signal);
    expect((await groups.find(bea.group_id))?.merged_into).toBeNull();
    clock.at += 61_000;
    await replica().finish.execute(signal);
    await replica().join.execute(signal);
    expect((await groups.find(bea.group_id))?.merged_into).toBe(groupOf(first));
  });
});
