// Who runs jobs elsewhere reports them from the command line, with all that the API takes.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ErrorPage, JobReceipt } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { startTrialPlatform, type TrialPlatform } from './trial-platform.js';

let trial: TrialPlatform;

beforeAll(async () => {
  trial = await startTrialPlatform();
});

afterAll(() => trial.platform.stop());

const document = { product_id: 'shop', sending_group_id: 'spring', type: 'render', executor: 'external' };

test('an error of an external job is reported with where it went wrong', async () => {
  const { job_id: id } = await trial.json<JobReceipt>(['submit', '-'], JSON.stringify(document));
  await trial.json(['update', id, '--status', 'running']);
  const stack = ['--error-stack', 'at render (page.ts:7)'];
  expect(await trial.run(['update', id, ...stack])).toMatchObject({ code: 64, stderr: expect.stringContaining('--error-code') });
  await trial.json(['update', id, '--error-code', 'net.timeout', '--error-message', 'No answer', ...stack]);
  await eventually(async () => {
    const { items } = await trial.json<ErrorPage>(['errors', '--job', id, '--type', 'net.*']);
    const error = { error_type: 'net.timeout', error_message: 'No answer', stack_trace: 'at render (page.ts:7)' };
    expect(items).toMatchObject([{ ...error, job_id: id }]);
  });
});
