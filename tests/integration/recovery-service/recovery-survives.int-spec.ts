import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { errorRecordIdOf, type ErrorRecord } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import type { Store } from '@kintsugi/persistence';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { type RecoveryServiceUnderTest, recoveryStore, startRecoveryService } from './recovery-service-under-test.js';

let servers: TestServers;
let service: RecoveryServiceUnderTest;
let jobService: JobServiceSide;
let store: Store;

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  store = await recoveryStore(servers);
});

beforeEach(async () => {
  service = await startRecoveryService(servers);
});

afterEach(async () => {
  await service.stop();
});

afterAll(async () => {
  await store?.close();
  await jobService?.close();
  await servers?.stop();
});

async function recordOf(taskId: string): Promise<ErrorRecord> {
  return callAction(jobService.bus, 'getError', { error_record_id: errorRecordIdOf(taskId) });
}

async function restart(environment: Record<string, string> = {}): Promise<void> {
  service = await startRecoveryService(servers, environment);
}

const publishedAbout = (name: string, taskId: string): number =>
  jobService.published.filter((command) => command.name === name && JSON.stringify(command.data).includes(`"${taskId}"`)).length;

describe('a retry', () => {
  test('that comes due while the service is down happens once after the start', async () => {
    const job = newJob();
    const failures = Array.from({ length: 20 }, (_, index) => failureOf(job, index, { retry_after_ms: 400 + index * 10 }));
    await jobService.emit('task.failed', { tasks: failures });
    await eventually(async () => expect(await jobService.tasksOf('deferTasks', job.jobId)).toHaveLength(20));
    await service.stop();
    const overdueAt = Date.now() + 700;
    await eventually(() => expect(Date.now()).toBeGreaterThan(overdueAt));
    await restart();
    await eventually(async () => expect(await jobService.tasksOf('retryTasks', job.jobId)).toHaveLength(20));
    // A later one shows that the clock has gone on.
    const later = newJob();
    await jobService.emit('task.failed', { tasks: [failureOf(later, 0)] });
    await eventually(async () => expect(await jobService.tasksOf('retryTasks', later.jobId)).toHaveLength(1));
    expect(publishedAbout('retryTasks', job.taskId(7))).toBe(1);
  });

  test('that comes due after a restart starts when it is due, and before one that is due later', async () => {
    const job = newJob();
    const failures = [failureOf(job, 0, { retry_after_ms: 3_000 }), failureOf(job, 1, { retry_after_ms: 1_500 })];
    await jobService.emit('task.failed', { tasks: failures });
    await eventually(async () => expect(await jobService.tasksOf('deferTasks', job.jobId)).toHaveLength(2));
    await service.stop();
    await restart();
    const deferred = await jobService.tasksOf('deferTasks', job.jobId);
    const dueOf = (index: number) =>
      Date.parse(deferred.find(({ task_id }) => task_id === job.taskId(index))?.next_attempt_at ?? '');
    for (const index of [1, 0]) {
      await eventually(() => expect(publishedAbout('retryTasks', job.taskId(index))).toBe(1));
      expect(Date.now()).toBeGreaterThanOrEqual(dueOf(index));
    }
    const retried = (await jobService.tasksOf('retryTasks', job.jobId)).map(({ task_id }) => task_id);
    expect(retried).toEqual([job.taskId(1), job.taskId(0)]);
  });
});

describe('a decision whose command was never sent', () => {
  test('is sent at the start', async () => {
    const [job, requeued] = [newJob(), newJob()];
    await jobService.emit('task.failed', {
      tasks: [failureOf(job, 0, { error_type: 'smtp.550' }), failureOf(requeued, 0, { error_type: 'smtp.550' })],
    });
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', requeued.jobId)).toHaveLength(1));
    await callAction(jobService.bus, 'manualRecover', {
      error_record_id: errorRecordIdOf(requeued.taskId(0)),
      recovery_options: { custom_params: { to: 'x' } },
    });
    const before = jobService.published.length;
    // What a crash between the write and the sending leaves is what is on disk now.
    await service.stop();
    await restart();
    await eventually(() => {
      const resent = jobService.published.slice(before);
      expect(
        resent.filter(({ name }) => name === 'discardTasks').some(({ data }) => JSON.stringify(data).includes(job.taskId(0))),
      ).toBe(true);
      expect(resent.find(({ name }) => name === 'requeueTasks')?.data).toMatchObject({ params: { to: 'x' } });
    });
  });
});

describe('a broker that loses everything', () => {
  test('gets every command again', async () => {
    await service.stop();
    await restart({ COMMAND_RESEND_SECONDS: '1' });
    const [deferred, discarded, started] = [newJob(), newJob(), newJob()];
    await jobService.emit('task.failed', { tasks: [failureOf(deferred, 0, { retry_after_ms: 600_000 })] });
    await jobService.emit('task.failed', { tasks: [failureOf(discarded, 0, { error_type: 'smtp.550' })] });
    await jobService.emit('task.failed', { tasks: [failureOf(started, 0)] });
    await eventually(async () => expect(await jobService.tasksOf('retryTasks', started.jobId)).toHaveLength(1));
    await servers.nats.kill();
    await rm(join(servers.folder, 'nats', 'jetstream'), { recursive: true, force: true });
    await servers.nats.start();
    await eventually(async () => {
      expect(await jobService.tasksOf('deferTasks', deferred.jobId)).toHaveLength(1);
      expect(await jobService.tasksOf('discardTasks', discarded.jobId)).toHaveLength(1);
      expect(await jobService.tasksOf('retryTasks', started.jobId)).toHaveLength(1);
    });
    const next = newJob();
    await eventually(() => jobService.emit('task.failed', { tasks: [failureOf(next, 0, { error_type: 'smtp.550' })] }));
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', next.jobId)).toHaveLength(1));
  });

  test('and is away while failures are known has them carried on when it is back', async () => {
    const job = newJob();
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { retry_after_ms: 500 })] });
    await eventually(async () => expect(await jobService.tasksOf('deferTasks', job.jobId)).toHaveLength(1));
    await servers.nats.kill();
    const overdueAt = Date.now() + 1_000;
    await eventually(() => expect(Date.now()).toBeGreaterThan(overdueAt));
    await servers.nats.start();
    await eventually(async () => expect(await jobService.tasksOf('retryTasks', job.jobId)).toHaveLength(1));
    await eventually(async () => expect((await recordOf(job.taskId(0))).retry_count).toBe(1));
  });
});

describe('a database that is away', () => {
  test('has the failures of that time recorded when it is back, each once', async () => {
    const job = newJob();
    await servers.mongo.kill();
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { error_type: 'smtp.550' })] });
    await servers.mongo.start();
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', job.jobId)).toHaveLength(1));
    expect(await store.collection('error_records').countDocuments({ job_id: job.jobId })).toBe(1);
  });
});
