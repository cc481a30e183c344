// A paused job stays paused through kills of job-service, and goes on from where it was when a person lets it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

const slots = 4;
let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ slots });
});

afterAll(() => under.stop());

async function killJobService(jobId: string): Promise<void> {
  const [before] = under.platform.pids('job-service');
  under.platform.kill('job-service');
  await eventually(() => expect(under.platform.pids('job-service')).not.toEqual([before]));
  await under.until(jobId, ({ status }) => expect(status).toBe('paused'));
}

/** A job that comes after all others of its type shows that whatever could run was given out. */
async function runsAll(): Promise<void> {
  const { job_id: id } = await under.createJob({ type: 'test.deliver', priority: 0, tasks: numberedTasks(1) });
  await under.ended(id);
}

test.each([
  ['many tasks', 40],
  ['one task', 1],
])('a job of %s, paused with what runs while job-service is killed twice', async (_, count) => {
  under.sink.deliveries.length = 0;
  under.sink.verdict = ({ attempt }) => (attempt === 1 && under.sink.deliveries.length <= slots ? { wait_ms: 60_000 } : {});
  const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(count) });
  await eventually(() => expect(under.sink.deliveries).toHaveLength(Math.min(slots, count)));
  await under.operate('/job-operations', 'pauseJob', { job_id: id, stop: true });
  await killJobService(id);
  await under.until(id, (job) => expect(job).toMatchObject({ status: 'paused', task_counts: { ready: count } }));
  const given = under.sink.deliveries.length;
  await killJobService(id);
  under.sink.verdict = () => ({});
  await runsAll();
  expect(under.sink.deliveries).toHaveLength(given + 1);
  expect(await under.job(id)).toMatchObject({ status: 'paused', task_counts: { ready: count } });
  await under.operate('/job-operations', 'resumeJob', { job_id: id });
  // The runs that were stopped did not count.
  expect(await under.ended(id)).toMatchObject({ status: 'completed', run_stats: { first_try: count, retries: 0 } });
});
