import { expect, test } from '@jest/globals';
import { jobEventsOf } from './job-events.js';

const time = '2026-03-01T00:00:00.000Z';
const all = () => true;

test('an event of jobs gives each job its own entry', () => {
  const data = {
    jobs: [
      { job_id: 'a', started_at: '1' },
      { job_id: 'b', started_at: '2' },
    ],
  };
  expect(jobEventsOf({ name: 'job.started', time, data }, all)).toEqual([
    { jobId: 'a', data: { job_id: 'a', started_at: '1', time } },
    { jobId: 'b', data: { job_id: 'b', started_at: '2', time } },
  ]);
});

test('an event of tasks gives each job its tasks', () => {
  const data = {
    tasks: [
      { task_id: '1', job_id: 'a' },
      { task_id: '2', job_id: 'b' },
      { task_id: '3', job_id: 'a' },
    ],
  };
  expect(jobEventsOf({ name: 'task.failed', time, data }, all)).toEqual([
    {
      jobId: 'a',
      data: {
        job_id: 'a',
        tasks: [
          { task_id: '1', job_id: 'a' },
          { task_id: '3', job_id: 'a' },
        ],
        time,
      },
    },
    { jobId: 'b', data: { job_id: 'b', tasks: [{ task_id: '2', job_id: 'b' }], time } },
  ]);
});

test('a stack stays with the error record', () => {
  const data = { tasks: [{ task_id: '1', job_id: 'a', error_message: 'm', stack_trace: 'long' }] };
  const [event] = jobEventsOf({ name: 'task.failed', time, data }, all);
  expect(event?.data).toEqual({ job_id: 'a', tasks: [{ task_id: '1', job_id: 'a', error_message: 'm' }], time });
});

test('jobs that nobody follows are left out', () => {
  const data = { jobs: [{ job_id: 'a' }, { job_id: 'b' }] };
  expect(jobEventsOf({ name: 'job.started', time, data }, (jobId) => jobId === 'b').map((event) => event.jobId)).toEqual(['b']);
});

test.each([null, 7, [], {}, { jobs: 7 }, { jobs: [null, 7, {}, { job_id: 7 }] }])(
  'data of another shape, %j, says nothing',
  (data) => {
    expect(jobEventsOf({ name: 'job.started', time, data }, all)).toEqual([]);
  },
);
