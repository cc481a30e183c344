// After mongod was killed, work goes on by itself, nothing that was answered with 2xx is lost, and nothing runs
// that was not.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
});

afterAll(() => under.stop());

test('every accepted job is there and completes; what was refused says so', async () => {
  const accepted: string[] = [];
  const refusals = new Set<number>();
  let submitting = true;
  let over = false;
  // A request that was refused may have been carried out: with its key it is sent again until it says which job it is.
  const submit = async (data: object): Promise<void> => {
    while (!over) {
      const { status, body } = await under
        .request('POST', '/job-operations', { action: 'createJob', data })
        .catch(() => ({ status: 0, body: null }));
      // 200 where the first answer was lost with the database.
      if (status === 201 || status === 200) return void accepted.push((body as { job_id: string }).job_id);
      refusals.add(status);
    }
  };
  const submitter = async (_: unknown, name: number) => {
    const head = { product_id: 'p', sending_group_id: 'g', type: 'test.deliver' };
    for (let number = 0; submitting; number += 1) {
      const tasks = numberedTasks(1 + (number % 3));
      await submit({ ...head, tasks, idempotency_key: `${name} ${number}` });
    }
  };
  const submitters = Array.from({ length: 4 }, submitter);
  try {
    await eventually(() => expect(accepted.length).toBeGreaterThan(30));
    under.platform.kill('mongod');
    const killedAt = accepted.length;
    await eventually(() => expect(accepted.length).toBeGreaterThan(killedAt + 30));
    submitting = false;
    await Promise.all(submitters);
  } finally {
    // Also when an expectation failed: a test that goes on submitting never ends.
    submitting = false;
    over = true;
  }
  for (const id of accepted) expect(await under.ended(id)).toMatchObject({ id, status: 'completed' });
  expect(new Set(accepted).size).toBe(accepted.length);
  const ofAccepted = new Set<string>();
  for (const id of accepted) for (const task of await under.tasks(id)) ofAccepted.add(task.id);
  expect(new Set(under.sink.deliveries.map(({ task_id: id }) => id))).toEqual(ofAccepted);
  expect([...refusals].filter((status) => status !== 503)).toEqual([]);
});
