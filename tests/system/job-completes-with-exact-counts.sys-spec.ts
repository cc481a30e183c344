// A job completes with exact counts, whichever way its tasks came.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ workers: 2 });
});

afterAll(() => under.stop());

describe('every task runs once and is counted once', () => {
  test('of an upload of many', async () => {
    const { job_id: id } = await under.upload({ type: 'test.noop' }, numberedTasks(20_000));
    const job = await under.ended(id);
    expect(job).toMatchObject({
      status: 'completed',
      total_tasks: 20_000,
      task_counts: { succeeded: 20_000 },
      detailed_status: { progress_percentage: 100, active_tasks: 0, error_count: 0 },
    });
  });

  test('given inline', async () => {
    const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(600) });
    expect(await under.ended(id)).toMatchObject({ status: 'completed', task_counts: { succeeded: 600 } });
    const tasks = await under.tasks(id);
    expect(tasks.map(({ key }) => key)).toEqual(numberedTasks(600).map((task) => task.id));
    expect(new Set(under.sink.deliveries.map(({ run_key: key }) => key))).toEqual(new Set(tasks.map((task) => task.id)));
    expect(under.sink.deliveries).toHaveLength(600);
  });

  test('of a single task, which has its result', async () => {
    const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: [{ id: 'only', payload: { single: true } }] });
    expect(await under.ended(id)).toMatchObject({ status: 'completed', total_tasks: 1, task_counts: { succeeded: 1 } });
    const [task] = await under.tasks(id);
    expect(task).toMatchObject({
      key: 'only',
      state: 'succeeded',
      attempts: 1,
      result: { attempt: 1 },
      payload: { single: true },
    });
  });

  test('made by a plan handler from the minimal body of the specification', async () => {
    const { job_id: id } = await under.createJob({ type: 'test.deliver', labels: { tasks: '700' } });
    expect(await under.ended(id)).toMatchObject({ status: 'completed', total_tasks: 700, task_counts: { succeeded: 700 } });
  });
});

describe('a job with broken tasks', () => {
  test('ends as failed, with each task where it belongs', async () => {
    under.sink.verdict = ({ payload, attempt }) => {
      const { number } = payload as { number: number };
      if (number % 10 === 0) return { fatal: 'never' };
      return number % 10 === 1 && attempt === 1 ? { fail: 'at first' } : {};
    };
    const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(300) });
    const job = await under.ended(id);
    expect(job).toMatchObject({
      status: 'failed',
      task_counts: { succeeded: 270, dead: 30 },
      detailed_status: { error_count: 60 },
    });
    const info = await under.operate<{ metrics: { retries: number; recovered: number; first_try_share: number } }>(
      '/job-operations',
      'getJobInfo',
      { job_id: id, include_metrics: true },
    );
    expect(info.metrics).toMatchObject({ retries: 30, recovered: 30, first_try_share: 240 / 300 });
  });
});

describe('runs that failed', () => {
  test('stay counted when their tasks have healed, of many tasks and of one, in the job and in lists', async () => {
    under.sink.verdict = ({ attempt }) => (attempt === 1 ? { fail: 'at first' } : {});
    for (const tasks of [numberedTasks(20), numberedTasks(1)]) {
      const { job_id: id } = await under.createJob({ type: 'test.deliver', product_id: `healed-${tasks.length}`, tasks });
      const healed = {
        status: 'completed',
        detailed_status: { error_count: tasks.length },
      };
      const stats = { retries: tasks.length, recovered: tasks.length, first_try: 0 };
      expect(await under.ended(id)).toMatchObject({ ...healed, run_stats: stats });
      await eventually(async () =>
        expect(await under.get(`/v1/jobs?product_id=healed-${tasks.length}`)).toMatchObject({ items: [{ id, ...healed }] }),
      );
    }
  });
});

describe('max_parallel_tasks', () => {
  test('is never exceeded', async () => {
    under.sink.verdict = () => ({ wait_ms: 30 });
    const before = under.sink.deliveries.length;
    const { job_id: id } = await under.createJob({ type: 'test.deliver', max_parallel_tasks: 3, tasks: numberedTasks(40) });
    await under.ended(id);
    const calls = under.sink.deliveries.slice(before);
    const atOnce = calls.map(({ at }) => calls.filter((other) => other.at <= at && other.at > at - 30).length);
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(3);
  });
});

describe('priority', () => {
  test('lets a later, more urgent job go first', async () => {
    under.sink.verdict = () => ({ wait_ms: 20 });
    const { job_id: slow } = await under.createJob({ type: 'test.deliver', priority: 1, tasks: numberedTasks(1_500) });
    const { job_id: urgent } = await under.createJob({ type: 'test.deliver', priority: 9, tasks: numberedTasks(100) });
    await under.ended(urgent);
    expect((await under.job(slow)).status).toBe('running');
    await under.ended(slow);
  });
});

describe('a cancelled job', () => {
  test('stops what runs, drops what waits, and says so', async () => {
    under.sink.verdict = () => ({ wait_ms: 20_000 });
    const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(400) });
    await under.until(id, (job) => expect(job.detailed_status.active_tasks).toBeGreaterThan(0));
    await under.operate('/job-operations', 'cancelJob', { job_id: id });
    expect(await under.ended(id)).toMatchObject({ status: 'cancelled', task_counts: { cancelled: 400 } });
    const refused = await under.request('POST', '/job-operations', { action: 'cancelJob', data: { job_id: id } });
    expect(refused).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  });

  test('cannot be one that has ended', async () => {
    under.sink.verdict = () => ({});
    const { job_id: id } = await under.createJob({ type: 'test.noop', tasks: numberedTasks(2) });
    await under.ended(id);
    const refused = await under.request('POST', '/job-operations', { action: 'cancelJob', data: { job_id: id } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'STATE_CONFLICT', current: 'completed' } });
  });
});
