// What was accepted is still there after `down` and `up`.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { createHome, runCommand, type TestHome } from '../command-line.js';

let place: TestHome;

beforeEach(async () => {
  place = await createHome();
});

afterEach(() => place.remove());

const createJob = {
  action: 'createJob',
  data: {
    product_id: 'shop',
    sending_group_id: 'spring',
    type: 'waits.for-a-worker',
    tasks: [{ id: 'only', payload: { n: 1 } }],
  },
};

test('a job that was accepted is still there after down and up', async () => {
  await runCommand(['up', '--detach', ...place.options]);
  const response = await fetch(`${place.apiUrl}/job-operations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(createJob),
  });
  const { job_id } = (await response.json()) as { job_id: string };
  expect(await runCommand(['down', '--home', place.home])).toMatchObject({ code: 0 });
  await expect(fetch(`${place.apiUrl}/health/live`)).rejects.toThrow();
  await runCommand(['up', '--detach', ...place.options]);
  await eventually(async () => {
    const job = await (await fetch(`${place.apiUrl}/v1/jobs/${job_id}`)).json();
    expect(job).toMatchObject({ id: job_id, type: 'waits.for-a-worker', total_tasks: 1 });
  });
});
