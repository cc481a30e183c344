// The same idempotency key from 32 clients at once makes one job.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
});

afterAll(() => under.stop());

test.each([1, 5, 700])('of %i tasks: one job, one run of each task, 31 replays', async (count) => {
  const before = under.sink.deliveries.length;
  const data = {
    product_id: 'p',
    sending_group_id: 'g',
    type: 'test.deliver',
    tasks: numberedTasks(count),
    idempotency_key: `once-${count}`,
  };
  const answers = await Promise.all(
    Array.from({ length: 32 }, () => under.request('POST', '/job-operations', { action: 'createJob', data })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 31 }, () => 200), 201]);
  const ids = new Set(answers.map(({ body }) => (body as { job_id: string }).job_id));
  expect(ids.size).toBe(1);
  await under.ended([...ids][0] as string);
  expect(under.sink.deliveries.length - before).toBe(count);
});

test('is replayed after every service was killed, and refused for another request', async () => {
  const data = {
    product_id: 'p',
    sending_group_id: 'g',
    type: 'test.noop',
    tasks: numberedTasks(3),
    idempotency_key: 'survives',
  };
  const first = await under.request('POST', '/job-operations', { action: 'createJob', data });
  for (const name of ['job-service', 'gateway', 'mongod']) under.platform.kill(name);
  const id = (first.body as { job_id: string }).job_id;
  await under.ended(id);
  const again = await under.request('POST', '/job-operations', { action: 'createJob', data });
  expect(again).toMatchObject({ status: 200, body: { job_id: id, replayed: true } });
  const other = await under.request('POST', '/job-operations', {
    action: 'createJob',
    data: { ...data, tasks: numberedTasks(4) },
  });
  expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } });
});
