import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorRecordIdOf } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import type { Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { type RecoveryServiceUnderTest, recoveryStore, startRecoveryService } from './recovery-service-under-test.js';

interface StoredRecord {
  _id: string;
  phase: string;
  closed_at?: Date;
}

interface StoredRecovery {
  _id: string;
  error_record_id: string;
  needed_at: Date;
}

let servers: TestServers;
let service: RecoveryServiceUnderTest;
let jobService: JobServiceSide;
let store: Store;

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  service = await startRecoveryService(servers);
  store = await recoveryStore(servers);
});

afterAll(async () => {
  await service?.stop();
  await store?.close();
  await jobService?.close();
  await servers?.stop();
});

const records = () => store.collection<StoredRecord>('error_records');
const recoveries = () => store.collection<StoredRecovery>('manual_recoveries');
const storedRecord = (taskId: string) => records().findOne({ _id: errorRecordIdOf(taskId) });

async function cancel(jobId: string): Promise<void> {
  const nothing = { started_at: null, finished_at: null, first_try: 0, task_ms: null, submit_to_done_ms: null };
  const ending = { job_id: jobId, status: 'cancelled' as const, total_tasks: 1, task_counts: {}, ...nothing };
  await jobService.emit('job.cancelled', { jobs: [ending] });
}

/** For how many days after which date the database keeps documents. */
async function retentionOf(collection: string): Promise<[fields: string[], days: number] | null> {
  const indexes: { name?: string; key: object; expireAfterSeconds?: number }[] = await store.collection(collection).indexes();
  const index = indexes.find(({ name }) => name === 'retention');
  return index ? [Object.keys(index.key), (index.expireAfterSeconds ?? NaN) / 86_400] : null;
}

describe('an error record', () => {
  test('is closed once its task has recovered, and open again with a newer failure', async () => {
    const job = newJob();
    const taskId = job.taskId(0);
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0)] });
    await eventually(async () => expect(await storedRecord(taskId)).not.toBeNull());
    expect(await storedRecord(taskId)).not.toHaveProperty('closed_at');
    const recovery = { task_id: taskId, job_id: job.jobId, attempt: 2, recovered_at: new Date().toISOString() };
    const before = new Date();
    await jobService.emit('task.recovered', { tasks: [recovery] });
    await eventually(async () => expect(await storedRecord(taskId)).toHaveProperty('closed_at'));
    const closedAt = (await storedRecord(taskId))?.closed_at;
    expect([before, closedAt, new Date()].sort((one, other) => Number(one) - Number(other))[1]).toBe(closedAt);
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { attempt: 3 })] });
    await eventually(async () => expect((await storedRecord(taskId))?.phase).not.toBe('recovered'));
    expect(await storedRecord(taskId)).not.toHaveProperty('closed_at');
  });

  test('is closed once its job was cancelled, also where its task had been given up', async () => {
    const job = newJob();
    await jobService.emit('task.failed', {
      tasks: [failureOf(job, 0, { retry_after_ms: 600_000 }), failureOf(job, 1, { error_type: 'smtp.550' })],
    });
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', job.jobId)).toHaveLength(1));
    await cancel(job.jobId);
    for (const index of [0, 1]) {
      await eventually(async () =>
        expect(await storedRecord(job.taskId(index))).toMatchObject({ phase: 'cancelled', closed_at: expect.any(Date) }),
      );
    }
  });

  test('that waits for a person is not closed', async () => {
    const job = newJob();
    const lost = { ...failureOf(job, 1, { safety: 'unsafe', error_type: 'worker.lost' }), state: 'outcome_unknown' as const };
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { error_type: 'smtp.550' })] });
    await jobService.emit('task.lost', { tasks: [lost] });
    await eventually(async () => expect(await records().countDocuments({ job_id: job.jobId })).toBe(2));
    for (const index of [0, 1]) expect(await storedRecord(job.taskId(index))).not.toHaveProperty('closed_at');
  });

  test('is kept for as long as the setting says, also when it changes', async () => {
    expect(await retentionOf('error_records')).toEqual([['closed_at'], 90]);
    expect(await retentionOf('manual_recoveries')).toEqual([['needed_at'], 90]);
    await service.stop();
    service = await startRecoveryService(servers, { ERROR_RETENTION_DAYS: '7' });
    expect(await retentionOf('error_records')).toEqual([['closed_at'], 7]);
    expect(await retentionOf('manual_recoveries')).toEqual([['needed_at'], 7]);
  });
});

describe("a person's recovery", () => {
  test('is stored only if something is accepted, and for as long as it is needed', async () => {
    const job = newJob();
    const error_record_id = errorRecordIdOf(job.taskId(0));
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { retry_after_ms: 600_000 })] });
    const record = await eventually(() => callAction(jobService.bus, 'getError', { error_record_id }));
    await expect(callAction(jobService.bus, 'manualRecover', { error_record_id })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    const ofGroup = { group_id: record.group_id, job_id: job.jobId };
    expect(await callAction(jobService.bus, 'manualRecover', ofGroup)).toMatchObject({ accepted: 0, refused_count: 1 });
    expect(await recoveries().countDocuments()).toBe(0);
    await callAction(jobService.bus, 'manualRecover', { error_record_id, recovery_options: { force: true } });
    expect(await recoveries().find().toArray()).toMatchObject([{ error_record_id, needed_at: expect.any(Date) }]);
  });

  test('whose params are gone is not ordered without them, and can be asked for anew', async () => {
    const job = newJob();
    const error_record_id = errorRecordIdOf(job.taskId(0));
    await service.stop();
    service = await startRecoveryService(servers, { COMMAND_RESEND_SECONDS: '0.3' });
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { error_type: 'smtp.550' })] });
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', job.jobId)).toHaveLength(1));
    const orders = () => jobService.published.filter(({ name }) => name === 'requeueTasks').length;
    const recover = (force: boolean) =>
      callAction(jobService.bus, 'manualRecover', { error_record_id, recovery_options: { force, custom_params: { to: 'x' } } });
    await recover(false);
    await recoveries().deleteMany({});
    const [ordered, owing] = [orders(), await storedRecord(job.taskId(0))];
    const resends = (record: unknown) => (record as { resends: number }).resends;
    await eventually(async () => expect(resends(await storedRecord(job.taskId(0)))).toBeGreaterThan(resends(owing)));
    expect(orders()).toBe(ordered);
    expect((await recover(true)).accepted).toBe(1);
    await eventually(() => expect(orders()).toBeGreaterThan(ordered));
  });
});
