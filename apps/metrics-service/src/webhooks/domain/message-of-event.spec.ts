import { expect, test } from '@jest/globals';
import type { BatchJob } from '@kintsugi/contracts';
import { jobIdsOf, messageOf } from './message-of-event.js';

const event = {
  ...{ name: 'job.failed' as const, id: 'evt_1', time: '2026-01-01T00:00:00.000Z' },
  data: {
    jobs: [
      { job_id: 'a', status: 'failed' },
      { job_id: 'b', status: 'failed' },
      { job_id: 'gone', status: 'failed' },
    ],
  },
};
const job = (id: string, tenant: string) => [id, { tenant, type: 'send', labels: { x: 'y' } } as unknown as BatchJob] as const;
const jobs = new Map([job('a', 'one'), job('b', 'two')]);

function heard(tenant: string | null): unknown[] {
  const message = messageOf(event, tenant, jobs);
  return message === null ? [] : (JSON.parse(message) as { data: { jobs: unknown[] } }).data.jobs;
}

test('a tenant hears of his jobs alone, with what they are', () => {
  expect(jobIdsOf(event)).toEqual(['a', 'b', 'gone']);
  expect(heard('one')).toEqual([{ job_id: 'a', status: 'failed', tenant: 'one', type: 'send', labels: { x: 'y' } }]);
  expect(heard('three')).toEqual([]);
  expect(messageOf(event, 'three', jobs)).toBeNull();
  expect(heard(null)).toHaveLength(3);
});

test('it is a CloudEvent as JSON', () => {
  expect(JSON.parse(messageOf(event, null, jobs) as string)).toMatchObject({
    ...{ specversion: '1.0', id: 'evt_1', type: 'kintsugi.job.failed.v1', source: '/kintsugi/job-service' },
    time: event.time,
  });
});
