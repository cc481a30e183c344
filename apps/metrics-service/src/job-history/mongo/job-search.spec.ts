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
});
