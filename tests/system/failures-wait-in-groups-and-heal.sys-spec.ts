// Failures are named, grouped and retried by policy; a person repairs a whole group with corrected parameters.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import type { RecoveryReceipt } from '@kintsugi/contracts';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start({ environment: { RETRY_JITTER: 'none' } });
});

afterAll(() => under.stop());

test('one group a kind of failure, repaired as a whole by custom_params, and the job then completes', async () => {
  under.sink.verdict = ({ payload }) => {
    const { number, fixed } = payload as { number: number; fixed?: boolean };
    if (fixed || number % 4 !== 0) return {};
    return { fatal: number % 8 === 0 ? `User u${number}@example.com is unknown` : `Mailbox ${number} is full` };
  };
  const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(80) });
  expect(await under.ended(id)).toMatchObject({ status: 'failed', task_counts: { succeeded: 60, dead: 20 } });
  const groups = await eventually(async () => {
    const found = await under.groups(id);
    expect(found.map(({ count }) => count)).toEqual([10, 10]);
    return found;
  });
  expect(groups.map(({ title }) => title).sort()).toEqual(['Mailbox <*> is full', 'User <*> is unknown']);
  for (const [position, group] of groups.entries()) {
    const receipt = await under.operate<RecoveryReceipt>('/error-operations', 'manualRecover', {
      group_id: group.id,
      job_id: id,
      recovery_options: { custom_params: { fixed: true } },
    });
    expect(receipt).toMatchObject({ accepted: 10, refused_count: 0 });
    const left = 10 - position * 10;
    await under.until(id, (job) =>
      expect(job).toMatchObject({ status: left > 0 ? 'failed' : 'completed', task_counts: { succeeded: 80 - left } }),
    );
  }
  expect((await under.errors(id)).every(({ recovery_status: status }) => status === 'recovered')).toBe(true);
});

test('a policy set for an error type decides how often its failures are tried', async () => {
  const config = {
    error_type: 'net.reset',
    max_attempts: 2,
    initial_delay: 0.2,
    max_delay: 1,
    backoff_factor: 1,
    retry_conditions: [],
  };
  await under.operate('/error-operations', 'configureRetry', { error_type: 'net.reset', config });
  under.sink.verdict = () => ({ fail: 'always' });
  const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(3) });
  expect(await under.ended(id)).toMatchObject({ status: 'failed', task_counts: { dead: 3 } });
  const tasks = await under.tasks(id);
  expect(tasks.map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
  const [record] = await under.errors(id);
  expect(record).toMatchObject({ error_type: 'net.reset', retry_count: 1, recovery_status: 'failed' });
  expect(record?.decision.join('\n')).toContain('attempts left: none of 2');
});
