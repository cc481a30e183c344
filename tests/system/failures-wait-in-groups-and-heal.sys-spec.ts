// Failures are named, grouped and retried by policy; a person repairs a whole group with corrected parameters, a few of it first.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import type { GroupRecovery, GroupRecoveryAnswer, RecoveryReceipt } from '@kintsugi/contracts';
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
  await eventually(async () =>
    expect((await under.errors(id)).every(({ recovery_status: status }) => status === 'recovered')).toBe(true),
  );
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

test('a canary stops on a bad fix, and goes through on a good one with all services killed in it; nothing is run twice', async () => {
  const size = 40;
  under.sink.verdict = ({ payload }) => {
    const { number, fix } = payload as { number: number; fix?: string };
    return fix === 'good' ? { wait_ms: 20 } : { fatal: `Relay ${number} is closed` };
  };
  const { job_id: id } = await under.createJob({ type: 'test.deliver', tasks: numberedTasks(size) });
  expect(await under.ended(id)).toMatchObject({ status: 'failed', task_counts: { dead: size } });
  const [group] = await eventually(async () => {
    const found = await under.groups(id);
    expect(found.map(({ count }) => count)).toEqual([size]);
    return found;
  });
  const recover = async (fix: string): Promise<string> => {
    const { recovery } = await under.operate<GroupRecoveryAnswer>('/error-operations', 'recoverGroup', {
      ...{ group_id: group?.id, canary: { size: 4, min_success: 0.75 }, rate_per_second: 8 },
      recovery_options: { custom_params: { fix } },
    });
    return recovery?.id ?? '';
  };
  const standing = (recovery: string): Promise<GroupRecovery> => under.get(`/v1/group-recoveries/${recovery}`);
  const bad = await recover('bad');
  await eventually(async () =>
    expect(await standing(bad)).toMatchObject({ state: 'stopped', counts: { ordered: 0, recovered: 0 } }),
  );
  const { counts } = await standing(bad);
  expect(counts.failed).toBeLessThanOrEqual(4);
  expect(counts.failed).toBeGreaterThan(1);

  const good = await recover('good');
  for (const [position, service] of (['recovery-service', 'job-service', 'metrics-service'] as const).entries()) {
    await eventually(async () => expect((await standing(good)).counts.recovered).toBeGreaterThan(4 + position * 4));
    under.platform.kill(service);
  }
  await eventually(async () =>
    expect(await standing(good)).toMatchObject({ state: 'completed', counts: { recovered: size, failed: 0, refused: 0 } }),
  );
  expect(await under.ended(id)).toMatchObject({ status: 'completed', task_counts: { succeeded: size } });
  const records = await under.errors(id);
  const asked = records.map(({ recovery_attempts: attempts }) =>
    attempts
      .filter(({ method }) => method === 'manual_recover')
      .map(({ result }) => result)
      .at(-1),
  );
  expect(asked).toEqual(Array.from({ length: size }, () => 'recovered'));
  const times = records.map(({ retry_count }) => retry_count);
  expect(times.filter((time) => time === 2)).toHaveLength(counts.failed);
  expect(times.filter((time) => time === 1)).toHaveLength(size - counts.failed);
});
