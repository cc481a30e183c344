// A retry that comes due while everything is down happens once after the start.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let home: TemporaryFolder;
let under: PlatformUnderTest;

const environment = { RETRY_WAIT_SECONDS: '3', RETRY_JITTER: 'none' };

beforeAll(async () => {
  home = createTemporaryFolder('retry');
  under = await PlatformUnderTest.start({ home: home.path, environment });
});

afterAll(async () => {
  await under.stop();
  await home.remove();
});

test('every task is tried exactly twice', async () => {
  under.sink.verdict = ({ attempt }) => (attempt === 1 ? { fail: 'at first' } : {});
  const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(20) });
  await under.until(id, (job) => expect(job.task_counts).toMatchObject({ waiting_retry: 20, succeeded: 0 }));
  await under.stop();
  const due = Date.now() + 3_000;
  await eventually(() => expect(Date.now()).toBeGreaterThan(due));
  under = await PlatformUnderTest.start({ home: home.path, environment });
  expect(await under.ended(id)).toMatchObject({ status: 'completed', task_counts: { succeeded: 20 } });
  expect(under.sink.deliveries).toHaveLength(20);
  expect(under.sink.deliveries.every(({ attempt }) => attempt === 2)).toBe(true);
  const records = await eventually(async () => {
    const found = await under.errors(id);
    expect(found.every(({ recovery_status: status }) => status === 'recovered')).toBe(true);
    return found;
  });
  expect(records).toHaveLength(20);
  expect(records.every(({ retry_count: retries }) => retries === 1)).toBe(true);
});
