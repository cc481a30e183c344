import { expect, test } from '@jest/globals';
import type { BatchJob } from '@kintsugi/contracts';
import { awaitedOf, orderFactsOf } from './job-order.js';

const bare = { max_parallel_tasks: null, retry_config: null, resource_limits: null };
const jobWith = (fields: Partial<BatchJob>) => ({ ...bare, ...fields }) as BatchJob;

test('a job of which nothing more was said has none of these facts', () => {
  expect(orderFactsOf(jobWith({}))).toEqual([]);
  expect(orderFactsOf(jobWith({ awaited_jobs: 0, depends_on: [] }))).toEqual([]);
});

test('where a job comes from and when it may run is told', () => {
  const times = { run_at: '2026-03-01T12:00:00.000Z', deadline_at: '2026-03-01T13:00:00.000Z' };
  expect(orderFactsOf(jobWith({ parent_job_id: 'job_parent', ...times }))).toEqual([
    { name: 'fact.parent', job: 'job_parent' },
    { name: 'fact.runAt', at: times.run_at },
    { name: 'fact.deadline', at: times.deadline_at },
  ]);
});

test('what bounds a job is told with its keys', () => {
  const bounds = {
    max_parallel_tasks: 3,
    concurrency: { key: 'shop', limit: 2 },
    rate_limit: { key: 'mail', per_second: 0.1, burst: 5 },
    resource_limits: { max_memory: 512, max_cpu: 0.5 },
    timeout_s: 90,
  };
  expect(orderFactsOf(jobWith(bounds))).toEqual([
    { name: 'fact.parallel', parts: ['3'] },
    { name: 'fact.concurrency', parts: ['shop', { key: 'fact.concurrency.limit', values: { count: '2' } }] },
    {
      name: 'fact.rate',
      parts: [
        'mail',
        { key: 'fact.rate.perSecond', values: { count: '0.1' } },
        { key: 'fact.rate.burst', values: { count: '5' } },
      ],
    },
    { name: 'fact.resources', parts: ['512 MiB', { key: 'fact.resources.cores', values: { count: '0.5' } }] },
    { name: 'fact.timeout', parts: ['1 min 30 s'] },
  ]);
});

test('a unique key is told with the states in which it is held', () => {
  const unique = { key: 'nightly', while: ['pending', 'running'], on_conflict: 'reject' } as const;
  expect(orderFactsOf(jobWith({ unique: { ...unique, while: [...unique.while] } }))).toEqual([
    { name: 'fact.unique', parts: ['nightly'] },
    { name: 'fact.unique.while', parts: [{ key: 'state.pending' }, { key: 'state.running' }] },
  ]);
});

test('retries of its own are told, also those that wait for nothing', () => {
  const runs = { key: 'fact.retry.runs', values: { count: '4' } };
  const wait = { key: 'fact.retry.wait', values: { duration: '0 ms' } };
  const retry = { max_attempts: 4, retry_interval: 0, retry_on_errors: [] };
  expect(orderFactsOf(jobWith({ retry_config: retry }))).toEqual([{ name: 'fact.retry', parts: [runs, wait] }]);
  const only = { key: 'fact.retry.only', values: { types: 'smtp.*, http.503' } };
  expect(orderFactsOf(jobWith({ retry_config: { ...retry, retry_on_errors: ['smtp.*', 'http.503'] } }))).toEqual([
    { name: 'fact.retry', parts: [runs, wait, only] },
  ]);
});

test('awaited jobs are told by number only where nobody knows which they are', () => {
  expect(orderFactsOf(jobWith({ awaited_jobs: 2 }))).toEqual([{ name: 'fact.awaited', parts: ['2'] }]);
  expect(orderFactsOf(jobWith({ awaited_jobs: 1, depends_on: [{ job_id: 'a', on: 'completed' }] }))).toEqual([]);
});

test('of the jobs that go before, those come first that are still waited for, and the last of many are counted', () => {
  const depends_on = [
    { job_id: 'a', on: 'completed' },
    { job_id: 'b', on: 'finished' },
  ] as const;
  expect(awaitedOf({ depends_on: [...depends_on], waits_for: ['b'] })).toEqual({
    jobs: [
      { id: 'b', endsAnyhow: true, isAwaited: true },
      { id: 'a', endsAnyhow: false, isAwaited: false },
    ],
    others: 0,
  });
  const many = Array.from({ length: 23 }, (_, place) => ({ job_id: `job_${place}`, on: 'completed' as const }));
  const { jobs, others } = awaitedOf({ depends_on: many });
  expect([jobs.length, others]).toEqual([20, 3]);
  expect(awaitedOf({})).toEqual({ jobs: [], others: 0 });
});
