// A retry policy is changed, tried on an error that was recorded, seen to hold, and taken back.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient, type Client } from '@kintsugi/client';
import type { RetryRule } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

const job = { product_id: 'product', sending_group_id: 'group', type: 'test.deliver' };
const base = {
  error_type: 'net.reset',
  max_attempts: 2,
  initial_delay: 0,
  max_delay: 0,
  backoff_factor: 1,
  retry_conditions: [],
};
const ofBadJobs = { field: 'labels.kind', operator: 'eq' as const, value: 'bad' };
const rules: RetryRule[] = [{ when: [ofBadJobs], action: 'fail_job', reason: 'nothing of it can be sent' }];

let under: PlatformUnderTest;
let client: Client;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ environment: { RETRY_WAIT_SECONDS: '0.1' } });
  client = createClient({ baseUrl: under.platform.urls.api });
  under.sink.verdict = () => ({ fail: 'always' });
});

afterAll(() => under?.stop());

/** Runs a job of which every task fails, to its end, and gives one of its error records. */
async function failed(tasks: number, kind: string) {
  const { job_id } = await under.createJob({ ...job, labels: { kind }, tasks: numberedTasks(tasks) });
  const ended = await under.ended(job_id);
  expect(ended).toMatchObject({ status: 'failed' });
  const record = await eventually(async () => {
    const { items } = await client.listErrors({ job_id, limit: 1 });
    expect(items).toEqual([expect.objectContaining({ recovery_status: 'failed' })]);
    return items[0]!;
  });
  return { ended, record };
}

test('a policy that is changed is tried on a recorded error, holds, and is reverted', async () => {
  await client.configureRetry({ error_type: 'net.reset', config: base });
  const { record } = await failed(1, 'bad');
  expect(record).toMatchObject({ error_type: 'net.reset', retry_count: 1, labels: { kind: 'bad' } });

  const changed = { ...base, max_attempts: 3, rules };
  const tried = await client.testRetry({ error_record_id: record.id, config: changed });
  expect(tried).toMatchObject({ decision: 'fail_job', rule: { index: 0 }, conditions: [{ actual: 'bad', holds: true }] });
  expect((await client.testRetry({ error_record_id: record.id })).decision).toBe('fail_task');
  expect((await client.getRetryConfig('net.reset')).history).toHaveLength(1);

  await client.configureRetry({ error_type: 'net.reset', config: changed });
  expect(await client.diffRetryConfig({ error_type: 'net.reset' })).toMatchObject({
    changes: [{ path: 'max_attempts', before: 2, after: 3 }, { path: 'rules[0]' }],
  });
  const whole = await failed(600, 'bad');
  expect(whole.ended).toMatchObject({ error: { error_type: 'job.aborted' } });
  expect(whole.record.decision).toContain('rule 1: fail_job (nothing of it can be sent)');
  expect((await failed(1, 'good')).record).toMatchObject({ retry_count: 2 });

  expect(await client.revertRetry({ error_type: 'net.reset' })).toMatchObject({ version: 3, reverted_to: 1, config: base });
  expect((await failed(1, 'bad')).record).toMatchObject({ retry_count: 1 });
});
