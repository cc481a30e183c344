import { describe, expect, it } from '@jest/globals';
import type { JobFilter } from '../domain/job-history.js';
import { searchOf } from './job-search.js';

const bySetting = ['sending_group_id', 'type'] as const;

describe('the search for jobs', () => {
  it.each<[string, JobFilter, string]>([
    ['no filter', {}, 'creation'],
    ['a group', { sending_group_id: 'g', type: 't', status: ['failed'] }, 'sending_group_id'],
    ['a label', { label: 'a=b', type: 't' }, 'label_pairs'],
    ['uncompleted statuses', { status: ['failed', 'running'], type: 't' }, 'uncompleted_status'],
    ['a type', { type: 't', status: ['completed', 'failed'] }, 'type'],
    ['completed jobs', { status: ['completed'] }, 'creation'],
    ['a field without an index', { user_id: 'u' }, 'creation'],
    ['no status at all', { status: [] }, 'creation'],
  ])('reads the index that tells most for %s', (_, filter, index) => {
    expect(searchOf(filter, null, 'desc', bySetting).index).toBe(index);
  });

  it('reads on from the moment of a position, within the bounds asked for', () => {
    const [after, before] = [new Date(1_000), new Date(9_000)];
    const place = { created_at: 5_000, job_id: 'job_x' };
    const bounds = { created_after: after, created_before: before };
    expect(searchOf(bounds, place, 'desc', bySetting).query).toEqual({
      'head.created_at': { $gte: after, $lt: before, $lte: new Date(place.created_at) },
    });
    expect(searchOf(bounds, place, 'asc', bySetting).query).toEqual({
      'head.created_at': { $gte: new Date(place.created_at), $lt: before },
    });
  });

  it.each<[string, string, string[], string[]]>([
    ['a word, in capitals or not', 'shop', ['the SHOP', 'workshop'], ['hop']],
    ['signs that a pattern would have a meaning for', 'a.b*(c', ['xa.b*(c'], ['aab*(c', 'a.bb(c']],
    ['what JSON writes otherwise', 'say "a\\b"', ['say "a\\b"!'], ['say a b']],
    ['letters that have other cases beyond ASCII', 'kilo', ['\u212Ailo', 'K\u0130LO'], ['ilo']],
  ])('has the database leave out pages without %s', (_, text, held, others) => {
    const { rows } = searchOf({ text }, null, 'desc', bySetting).query as { rows: RegExp };
    const holds = (value: string): boolean => rows.test(JSON.stringify([{ user_id: value }]));
    expect([held.map(holds), others.map(holds)]).toEqual([held.map(() => true), others.map(() => false)]);
  });

  it.each(['région', 'team=blue'])('reads every page for %s, which may be written otherwise there', (text) => {
    expect(searchOf({ text }, null, 'desc', bySetting).query).not.toHaveProperty('rows');
  });
});
