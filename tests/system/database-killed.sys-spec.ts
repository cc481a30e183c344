// After mongod was killed, work goes on within twelve seconds, and nothing that was answered with 2xx is lost.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
}, 60_000);

afterAll(() => under.stop(), 30_000);

test('every accepted job is there and completes; what was refused says so', async () => {
  const accepted: string[] = [];
  const refusals = new Set<number>();
  let submitting = true;
  const submitter = async () => {
    for (let number = 0; submitting; number += 1) {
      const tasks = numberedTasks(1 + (number % 3));
      const { status, body } = await under
        .request('POST', '/job-operations', {
          action: 'createJob',
          data: { product_id: 'p', sending_group_id: 'g', type: 'test.deliver', tasks },
        })
        .catch(() => ({ status: 0, body: null }));
      if (status === 201) accepted.push((body as { job_id: string }).job_id);
      else refusals.add(status);
    }
  };
  const submitters = Array.from({ length: 4 }, submitter);
  await eventually(() => expect(accepted.length).toBeGreaterThan(30), { timeoutMs: 20_000 });
  under.platform.kill('mongod');
  const killedAt = accepted.length;
  await eventually(() => expect(accepted.length).toBeGreaterThan(killedAt + 30), { timeoutMs: 12_000 });
  submitting = false;
  await Promise.all(submitters);
  for (const id of accepted) expect(await under.ended(id)).toMatchObject({ id, status: 'completed' });
  expect([...refusals].filter((status) => status !== 503)).toEqual([]);
}, 120_000);
