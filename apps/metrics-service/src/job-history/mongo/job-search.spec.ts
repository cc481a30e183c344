import { describe, expect, it } from '@jest/globals';
import type { JobFilter } from '../domain/job-history.js';
import { searchOf } from './job-search.js';

const bySetting = ['creation', 'sending_group_id', 'type', 'label', 'tenant'] as const;

describe('the search for jobs', () => {
  it.each<[string, JobFilter, string[]]>([
    ['no filter', {}, ['by_creation']],
    [
      'a group',
      { sending_group_id: 'g', type: 't', status: ['failed'] },
      ['by_sending_group_id', 'uncompleted_status', 'by_type'],
    ],
    ['a label', { label: 'a=b', type: 't' }, ['by_label', 'by_type']],
    ['uncompleted statuses', { status: ['failed', 'running'], type: 't' }, ['uncompleted_status', 'by_type']],
    ['a type', { type: 't', status: ['completed', 'failed'] }, ['by_type']],
    ['completed jobs', { status: ['completed'] }, ['by_creation']],
    ['a field without an index', { user_id: 'u' }, ['by_creation']],
    ['no status at all', { status: [] }, ['by_creation']],
    ['a tenant', { tenant: 'acme', type: 't' }, ['by_tenant', 'by_type']],
    ['the default tenant, which is not in its index', { tenant: 'default' }, ['by_creation']],
  ])('can read the indexes that tell most for %s', (_, filter, indexes) => {
    expect(searchOf(filter, null, 'desc', bySetting).indexes.map(({ index }) => index)).toEqual(indexes);
  });

  it('does not read an index that is still being made', () => {
    expect(searchOf({ tenant: 'acme', user_id: 'u' }, null, 'desc', []).indexes.map(({ index }) => index)).toEqual(['creation']);
  });

  it.each<[string, string[], string[], string[]]>([
    ['a type', ['smtp.451'], ['smtp.451'], ['smtp.4510', 'smtpx451', 'a.smtp.451']],
    ['the beginning of types, or a type', ['net.*', 'a}"b'], ['net.reset', 'net.', 'a}"b'], ['nets', 'a.net.b']],
  ])('has the database leave out jobs that have not failed by %s', (_, errorTypes, held, others) => {
    const { $and: [{ rows }] = [{ rows: /$^/ }] } = searchOf({ error_types: errorTypes }, null, 'desc', bySetting).query as {
      $and?: [{ rows: RegExp }];
    };
    const holds = (type: string): boolean => rows.test(JSON.stringify([{ ending: { error_types: { 'other}': 2, [type]: 1 } } }]));
    expect([held.map(holds), others.map(holds)]).toEqual([held.map(() => true), others.map(() => false)]);
  });

  it('looks at each row of a page once for an error type, however many there are', () => {
    const row = { user_id: 'u', labels: { part: 'of a page' }, ending: { error_types: {}, task_counts: { completed: 1 } } };
    const page = JSON.stringify(Array.from({ length: 1_024 }, () => row));
    const { $and: [{ rows }] = [{ rows: /$^/ }] } = searchOf({ error_types: ['smtp.451', 'net.*'] }, null, 'desc', bySetting)
      .query as { $and?: [{ rows: RegExp }] };
    const took = (work: () => unknown): number => {
      const from = performance.now();
      work();
      return performance.now() - from;
    };
    const times = [1, 2, 3].map(() => [took(() => rows.test(page)), took(() => JSON.parse(page))] as const);
    const [looking, unpacking] = [Math.min(...times.map(([one]) => one)), Math.min(...times.map(([, other]) => other))];
    expect(looking).toBeLessThan(10 * unpacking);
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
