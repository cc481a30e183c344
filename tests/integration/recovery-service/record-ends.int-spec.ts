import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { errorRecordIdOf, subjects, type ErrorRecord, type TaskStatus } from '@kintsugi/contracts';
import { callAction, readRequest, replyWithResult, type Subscription } from '@kintsugi/messaging';
import type { Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { type RecoveryServiceUnderTest, recoveryStore, startRecoveryService } from './recovery-service-under-test.js';

interface OwingRecord {
  _id: string;
  resends: number;
  resend_at: string | null;
  next_retry_at: string | null;
}

type Status = Omit<TaskStatus, 'task_id'>;

let servers: TestServers;
let service: RecoveryServiceUnderTest;
let jobService: JobServiceSide;
let store: Store;
let answering: Subscription | null = null;

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  service = await startRecoveryService(servers, { COMMAND_RESEND_SECONDS: '1' });
  store = await recoveryStore(servers);
});

afterEach(() => {
  answering?.unsubscribe();
  answering = null;
});

afterAll(async () => {
  await service?.stop();
  await store?.close();
  await jobService?.close();
  await servers?.stop();
});

/** Answers in job-service's place how tasks stand; those of which nothing is known do not exist. */
async function answer(known: Record<string, Status>): Promise<void> {
  answering = jobService.bus.subscribe(subjects.request('job', 'checkTasks'), (message) => {
    const { task_ids } = readRequest(message) as { task_ids: string[] };
    const tasks = task_ids.flatMap((task_id) => (known[task_id] ? [{ task_id, ...known[task_id] }] : []));
    replyWithResult(message, { tasks });
  });
  await jobService.bus.connection.flush();
}

const ordersOf = (name: string, taskId: string): number =>
  jobService.published.filter((command) => command.name === name && JSON.stringify(command.data).includes(`"${taskId}"`)).length;

async function recordOf(taskId: string): Promise<ErrorRecord> {
  return callAction(jobService.bus, 'getError', { error_record_id: errorRecordIdOf(taskId) });
}

async function owingRecordOf(taskId: string): Promise<OwingRecord | null> {
  return store.collection<OwingRecord>('error_records').findOne({ _id: errorRecordIdOf(taskId) });
}

/** A task whose retry was ordered, and of which nothing has been heard for as many looks. */
async function silentRetry(looks: number): Promise<string> {
  const job = newJob();
  const taskId = job.taskId(0);
  await jobService.emit('task.failed', { tasks: [failureOf(job, 0)] });
  await eventually(() => expect(ordersOf('retryTasks', taskId)).toBe(1));
  await eventually(async () => expect((await owingRecordOf(taskId))?.next_retry_at).toBeNull());
  const overdue = { resends: looks, resend_at: new Date(0).toISOString() };
  await store.collection<OwingRecord>('error_records').updateOne({ _id: errorRecordIdOf(taskId) }, { $set: overdue });
  return taskId;
}

describe('each task still ends', () => {
  test('with a job-service that comes back after days: its command goes out hourly for as long as it is owed', async () => {
    const before = Date.now();
    const taskId = await silentRetry(200);
    await eventually(() => expect(ordersOf('retryTasks', taskId)).toBe(2));
    await eventually(async () => expect((await owingRecordOf(taskId))?.resends).toBe(201));
    const sentAt = Date.parse((await owingRecordOf(taskId))?.resend_at ?? '') - 3_600_000;
    expect(sentAt).toBeGreaterThanOrEqual(before);
    expect(sentAt).toBeLessThanOrEqual(Date.now());
  });

  test.each<[string, Status | undefined, string]>([
    ['no longer exists', undefined, 'failed: the job no longer exists'],
    ['was cancelled', { state: 'cancelled', attempts: 1, job_status: 'cancelled' }, 'failed: the job was cancelled'],
  ])('when its job %s: the record is closed, and no command goes out for ever', async (_name, status, result) => {
    const taskId = await silentRetry(2);
    const ordered = ordersOf('retryTasks', taskId);
    await answer(status ? { [taskId]: status } : {});
    await eventually(async () => {
      const record = await recordOf(taskId);
      expect(record.recovery_status).toBe('failed');
      expect(record.recovery_attempts.at(-1)?.result).toBe(result);
    });
    expect(await owingRecordOf(taskId)).toMatchObject({ resend_at: null, next_retry_at: null, phase: 'cancelled' });
    expect(ordersOf('retryTasks', taskId)).toBeLessThanOrEqual(ordered + 1);
  });

  test('when the broker lost the event of its success', async () => {
    const taskId = await silentRetry(0);
    await answer({ [taskId]: { state: 'succeeded', attempts: 2, job_status: 'running' } });
    await eventually(async () =>
      expect(await recordOf(taskId)).toMatchObject({
        recovery_status: 'recovered',
        recovery_attempts: [{ method: 'automatic_retry', result: 'recovered' }],
      }),
    );
  });

  test('when the broker lost the event of its worker, and a person can then bring it back', async () => {
    const taskId = await silentRetry(50);
    await answer({ [taskId]: { state: 'quarantined', attempts: 2, job_status: 'failed' } });
    await eventually(async () => expect((await recordOf(taskId)).recovery_status).toBe('pending'));
    expect((await recordOf(taskId)).decision.at(-1)).toBe('job-service has the task as quarantined');
    const receipt = await callAction(jobService.bus, 'manualRecover', { error_record_id: errorRecordIdOf(taskId) });
    expect(receipt.accepted).toBe(1);
    const orders = await jobService.stored('requeueTasks');
    expect(orders.flatMap(({ data }) => data.tasks)).toContainEqual({ task_id: taskId, attempt: 2 });
  });

  test('and what job-service has carried out is not sent again', async () => {
    const job = newJob();
    const taskId = job.taskId(0);
    await answer({ [taskId]: { state: 'dead', attempts: 1, job_status: 'running' } });
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { error_type: 'smtp.550' })] });
    await eventually(async () => expect(await owingRecordOf(taskId)).toMatchObject({ resend_at: null, phase: 'discarded' }));
    expect(ordersOf('discardTasks', taskId)).toBe(1);
  });
});
