import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorRecordIdOf, type Actor, type ErrorRecord } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { recoveryStore, startRecoveryService, type RecoveryServiceUnderTest } from './recovery-service-under-test.js';

let servers: TestServers;
let service: RecoveryServiceUnderTest;
let jobService: JobServiceSide;

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  service = await startRecoveryService(servers);
});

afterAll(async () => {
  await service?.stop();
  await jobService?.close();
  await servers?.stop();
});

const hopeless = { error_type: 'smtp.550', error_message: '550 no such user' };

async function recordOf(taskId: string): Promise<ErrorRecord> {
  return callAction(jobService.bus, 'getError', { error_record_id: errorRecordIdOf(taskId) });
}

/** A job whose first tasks have failed for good. */
async function jobWithDead(
  count: number,
  change: Parameters<typeof failureOf>[2] = hopeless,
): Promise<ReturnType<typeof newJob>> {
  const job = newJob();
  const failures = Array.from({ length: count }, (_, index) => failureOf(job, index, change));
  for (let from = 0; from < count; from += 256) await jobService.emit('task.failed', { tasks: failures.slice(from, from + 256) });
  await eventually(async () => expect(await jobService.tasksOf('discardTasks', job.jobId)).toHaveLength(count));
  return job;
}

describe('who asks for a manual recovery', () => {
  const actor: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };

  test('stands in its record and in the command that carries it out; what recovery-service does by itself is its own', async () => {
    const job = await jobWithDead(1);
    const error_record_id = errorRecordIdOf(job.taskId(0));
    await callAction(jobService.bus, 'manualRecover', { error_record_id }, { origin: { actor, requestId: 'r-1' } });
    const ofJob = <Name extends 'requeueTasks' | 'discardTasks'>(name: Name) =>
      jobService.stored(name).then((stored) => stored.filter(({ data }) => data.tasks[0]?.task_id === job.taskId(0)));
    expect(await ofJob('requeueTasks')).toMatchObject([{ actor }]);
    expect(await ofJob('discardTasks')).toMatchObject([{ actor: { key: null, name: 'recovery-service', door: 'service' } }]);
    const store = await recoveryStore(servers);
    const kept = await store.collection('manual_recoveries').findOne({ error_record_id });
    await store.close();
    expect(kept).toMatchObject({ requested_by: actor });
  });
});

describe('manualRecover of a record', () => {
  test('orders its task with the params, and its success is due to it', async () => {
    const job = await jobWithDead(1);
    const error_record_id = errorRecordIdOf(job.taskId(0));
    const custom_params = { to: 'ann@example.com', 'odd.key': { $set: [1] } };
    const receipt = await callAction(jobService.bus, 'manualRecover', { error_record_id, recovery_options: { custom_params } });
    expect(receipt).toEqual({ accepted: 1, refused: [], refused_count: 0 });
    const [requeued] = (await jobService.stored('requeueTasks')).filter(({ data }) =>
      data.tasks.some(({ task_id }) => task_id === job.taskId(0)),
    );
    expect(requeued?.data).toEqual({ tasks: [{ task_id: job.taskId(0), attempt: 1 }], params: custom_params });
    expect(await recordOf(job.taskId(0))).toMatchObject({
      recovery_status: 'in_progress',
      retry_count: 1,
      recovery_attempts: [{ method: 'manual_recover', result: 'started' }],
    });

    await jobService.emit('task.recovered', {
      tasks: [{ task_id: job.taskId(0), job_id: job.jobId, attempt: 2, recovered_at: new Date().toISOString() }],
    });
    await eventually(async () =>
      expect(await recordOf(job.taskId(0))).toMatchObject({
        recovery_status: 'recovered',
        recovery_attempts: [{ method: 'manual_recover', result: 'recovered' }],
      }),
    );
    await expect(callAction(jobService.bus, 'manualRecover', { error_record_id })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('already recovered'),
      extras: { current: 'recovered' },
    });
    expect((await recordOf(job.taskId(0))).recovery_attempts.at(-1)).toMatchObject({
      result: 'refused: it has already recovered',
    });
  });

  test('gives the task its attempts anew', async () => {
    const job = await jobWithDead(1, { attempt: 4 });
    await callAction(jobService.bus, 'manualRecover', { error_record_id: errorRecordIdOf(job.taskId(0)) });
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { attempt: 5 })] });
    await eventually(async () => expect(await jobService.tasksOf('retryTasks', job.jobId)).toMatchObject([{ attempt: 5 }]));
    // The order goes out before the record says so.
    await eventually(async () => {
      const record = await recordOf(job.taskId(0));
      expect(record.decision).toContain('attempts left: 3 of 4');
      expect(record.recovery_attempts.map(({ method, result }) => [method, result])).toEqual([
        ['manual_recover', 'failed: smtp.451'],
        ['automatic_retry', 'started'],
      ]);
    });
  });

  test('is refused while a retry is scheduled, unless by force, which ends the timer', async () => {
    const job = newJob();
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { retry_after_ms: 5_000 })] });
    const error_record_id = errorRecordIdOf(job.taskId(0));
    await eventually(() => recordOf(job.taskId(0)));
    await expect(callAction(jobService.bus, 'manualRecover', { error_record_id })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('already scheduled'),
    });
    await callAction(jobService.bus, 'manualRecover', { error_record_id, recovery_options: { force: true } });
    expect(await recordOf(job.taskId(0))).toMatchObject({ next_retry_at: null, recovery_status: 'in_progress' });
    const later = newJob();
    await jobService.emit('task.failed', { tasks: [failureOf(later, 0, { retry_after_ms: 5_000 })] });
    await eventually(async () => expect(await jobService.tasksOf('retryTasks', later.jobId)).toHaveLength(1));
    expect(await jobService.tasksOf('retryTasks', job.jobId)).toEqual([]);
    expect(await jobService.tasksOf('requeueTasks', job.jobId)).toHaveLength(1);
  });

  test('of an unknown outcome needs force', async () => {
    const job = newJob();
    const lost = { ...failureOf(job, 0, { safety: 'unsafe', error_type: 'worker.lost' }), state: 'outcome_unknown' as const };
    await jobService.emit('task.lost', { tasks: [lost] });
    const error_record_id = errorRecordIdOf(job.taskId(0));
    await eventually(() => recordOf(job.taskId(0)));
    await expect(callAction(jobService.bus, 'manualRecover', { error_record_id })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    const receipt = await callAction(jobService.bus, 'manualRecover', { error_record_id, recovery_options: { force: true } });
    expect(receipt.accepted).toBe(1);
  });

  test('asks the retry conditions again, unless told not to', async () => {
    const error_type = 'http.404';
    const retry_conditions = [{ field: 'attempt' as const, operator: 'gt' as const, value: 5 }];
    const config = { error_type, max_attempts: 2, initial_delay: 0, max_delay: 0, backoff_factor: 1, retry_conditions };
    await callAction(jobService.bus, 'configureRetry', { error_type, config });
    const job = await jobWithDead(1, { error_type });
    const error_record_id = errorRecordIdOf(job.taskId(0));
    await expect(callAction(jobService.bus, 'manualRecover', { error_record_id })).rejects.toMatchObject({
      message: expect.stringContaining('ignore_conditions'),
    });
    const ignored = { error_record_id, recovery_options: { ignore_conditions: true } };
    expect((await callAction(jobService.bus, 'manualRecover', ignored)).accepted).toBe(1);
  });

  test('that is not there is told as such', async () => {
    const error_record_id = errorRecordIdOf(newJob().taskId(0));
    await expect(callAction(jobService.bus, 'manualRecover', { error_record_id })).rejects.toMatchObject({
      code: 'ERROR_RECORD_NOT_FOUND',
    });
    await expect(callAction(jobService.bus, 'getError', { error_record_id })).rejects.toMatchObject({
      code: 'ERROR_RECORD_NOT_FOUND',
    });
  });
});

describe('manualRecover of a group', () => {
  test('orders the tasks of all its records in large commands, with the params', async () => {
    const error_message = '550 unknown domain exmaple.com';
    const job = await jobWithDead(2_345, { ...hopeless, error_message });
    const { group_id } = await recordOf(job.taskId(0));
    const custom_params = { domain: 'example.com' };
    const receipt = await callAction(jobService.bus, 'manualRecover', { group_id, recovery_options: { custom_params } });
    expect(receipt).toEqual({ accepted: 2_345, refused: [], refused_count: 0 });
    const requeued = (await jobService.stored('requeueTasks')).filter(({ data }) => data.params?.['domain'] === 'example.com');
    expect(requeued.map(({ data }) => data.tasks.length)).toEqual([1_000, 1_000, 345]);
    const tasks = requeued.flatMap(({ data }) => data.tasks.map(({ task_id }) => task_id));
    expect(new Set(tasks).size).toBe(2_345);
  });

  test('takes the records of one job only when asked so, and names what it refuses', async () => {
    const change = { ...hopeless, error_message: '550 over there' };
    const [job, other] = [await jobWithDead(3, change), await jobWithDead(2, change)];
    const { group_id } = await recordOf(job.taskId(0));
    const first = await callAction(jobService.bus, 'manualRecover', { group_id, job_id: other.jobId });
    expect(first.accepted).toBe(2);
    const second = await callAction(jobService.bus, 'manualRecover', { group_id });
    expect(second).toMatchObject({ accepted: 3, refused_count: 2 });
    expect(new Set(second.refused.map(({ error_record_id }) => error_record_id))).toEqual(
      new Set([0, 1].map((index) => errorRecordIdOf(other.taskId(index)))),
    );
    expect(second.refused[0]?.reason).toMatch(/under way/);
  });

  test('by two people at once orders each task once', async () => {
    const job = await jobWithDead(500, { ...hopeless, error_message: '550 both at once' });
    const { group_id } = await recordOf(job.taskId(0));
    const receipts = await Promise.all([1, 2].map(() => callAction(jobService.bus, 'manualRecover', { group_id })));
    expect(receipts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(500);
    expect(await jobService.tasksOf('requeueTasks', job.jobId)).toHaveLength(500);
  });

  test('that is not there is told as such', async () => {
    const group_id = `grp_${'0'.repeat(32)}`;
    await expect(callAction(jobService.bus, 'manualRecover', { group_id })).rejects.toMatchObject({
      code: 'ERROR_GROUP_NOT_FOUND',
    });
    const job = await jobWithDead(1, { ...hopeless, error_message: '550 somewhere' });
    const known = (await recordOf(job.taskId(0))).group_id;
    await expect(callAction(jobService.bus, 'manualRecover', { group_id: known, job_id: newJob().jobId })).rejects.toMatchObject({
      code: 'ERROR_GROUP_NOT_FOUND',
    });
  });
});
