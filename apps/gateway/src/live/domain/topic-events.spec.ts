import { expect, test } from '@jest/globals';
import { topicDataOf, topicOfEvent } from './topic-events.js';

test('events of jobs and of groups have a topic, progress and tasks have none', () => {
  expect((['job.created', 'job.failed', 'group.regressed', 'job.progressed', 'task.failed'] as const).map(topicOfEvent)).toEqual([
    'jobs',
    'jobs',
    'groups',
    null,
    null,
  ]);
});

test('of a job is told what it takes to find it', () => {
  const data = { jobs: [{ job_id: 'job_1', status: 'failed', task_ms: { p50_ms: 1 }, error_types: { 'a.b': 2 } }] };
  expect(topicDataOf('jobs', 'now', data, null)).toEqual({
    time: 'now',
    jobs: [{ job_id: 'job_1', status: 'failed', error_types: { 'a.b': 2 } }],
  });
  expect(topicDataOf('jobs', 'now', { jobs: 'none' }, null)).toBeNull();
});

test('of groups a tenant is told its own', () => {
  const data = { groups: [{ group_id: 'g1', tenant: 'shop' }, { group_id: 'g2', tenant: 'bank' }, { group_id: 'g3' }] };
  expect(topicDataOf('groups', 't', data, 'shop')).toEqual({ time: 't', groups: [{ group_id: 'g1', tenant: 'shop' }] });
  expect(topicDataOf('groups', 't', data, 'default')).toEqual({ time: 't', groups: [{ group_id: 'g3' }] });
  expect(topicDataOf('groups', 't', data, 'other')).toBeNull();
  expect(topicDataOf('groups', 't', data, null)).toMatchObject({ groups: { length: 3 } });
});
