import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorRecordIdOf, subjects, type ErrorRecord } from '@kintsugi/contracts';
import { callAction, headersOf } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { startRecoveryService, type RecoveryServiceUnderTest } from './recovery-service-under-test.js';

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

async function recordOf(taskId: string): Promise<ErrorRecord> {
  return callAction(jobService.bus, 'getError', { error_record_id: errorRecordIdOf(taskId) });
}

/** The value of a counter for given labels; 0 when it was never counted. */
async function countOf(name: string, labels: Record<string, string>): Promise<number> {
  const { values } = (await service.metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
  const matching = values.filter((value) =>
    Object.entries(labels).every(([label, expected]) => value.labels[label] === expected),
  );
  return matching.reduce((sum, { value }) => sum + value, 0);
}

describe('a failure that may pass', () => {
  test('becomes a record and a deferral, then a retry when it is due, and recovers', async () => {
    const job = newJob();
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0)] });

    const [deferred] = await eventually(async () => {
      const tasks = await jobService.tasksOf('deferTasks', job.jobId);
      expect(tasks).toHaveLength(1);
      return tasks;
    });
    expect(deferred).toMatchObject({ task_id: job.taskId(0), attempt: 1 });
    await eventually(async () =>
      expect(await jobService.tasksOf('retryTasks', job.jobId)).toEqual([{ task_id: job.taskId(0), attempt: 1 }]),
    );
    await eventually(async () =>
      expect(await recordOf(job.taskId(0))).toMatchObject({
        job_id: job.jobId,
        error_type: 'smtp.451',
        retry_count: 1,
        recovery_status: 'in_progress',
        recovery_attempts: [{ method: 'automatic_retry', result: 'started' }],
        group_title: '<*> <<*>>: greylisted, try again in <*>',
        next_retry_at: null,
      }),
    );

    await jobService.emit('task.recovered', {
      tasks: [{ task_id: job.taskId(0), job_id: job.jobId, attempt: 2, recovered_at: new Date().toISOString() }],
    });
    await eventually(async () =>
      expect(await recordOf(job.taskId(0))).toMatchObject({
        recovery_status: 'recovered',
        recovery_attempts: [{ method: 'automatic_retry', result: 'recovered' }],
      }),
    );
    expect(await countOf('kintsugi_recoveries_total', { method: 'automatic_retry' })).toBeGreaterThanOrEqual(1);
    expect(await jobService.tasksOf('discardTasks', job.jobId)).toEqual([]);
  });

  test('is discarded when its attempts are used up', async () => {
    const job = newJob();
    for (const attempt of [1, 2, 3, 4]) {
      await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { attempt })] });
      if (attempt === 4) break;
      await eventually(async () => expect(await jobService.tasksOf('retryTasks', job.jobId)).toHaveLength(attempt));
    }
    await eventually(async () =>
      expect(await jobService.tasksOf('discardTasks', job.jobId)).toMatchObject([
        { attempt: 4, reason: 'attempts left: none of 4' },
      ]),
    );
    const record = await recordOf(job.taskId(0));
    expect(record).toMatchObject({ recovery_status: 'failed', retry_count: 3, next_retry_at: null });
    expect(record.recovery_attempts.map(({ result }) => result)).toEqual([
      'failed: smtp.451',
      'failed: smtp.451',
      'failed: smtp.451',
    ]);
  });

  test('waits as long as it asks itself', async () => {
    const job = newJob();
    const before = Date.now();
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { retry_after_ms: 60_000 })] });
    const [deferred] = await eventually(async () => {
      const tasks = await jobService.tasksOf('deferTasks', job.jobId);
      expect(tasks).toHaveLength(1);
      return tasks;
    });
    const decidedAt = Date.parse(deferred?.next_attempt_at ?? '') - 60_000;
    expect(decidedAt).toBeGreaterThanOrEqual(before);
    expect(decidedAt).toBeLessThanOrEqual(Date.now());
  });

  test("is retried as the job's own settings say", async () => {
    const job = newJob();
    const before = Date.now();
    const retry_config = { max_attempts: 2, retry_interval: 90, retry_on_errors: ['smtp.451'] };
    await jobService.emit('task.failed', {
      tasks: [failureOf(job, 0, { retry_config }), failureOf(job, 1, { retry_config, error_type: 'net.reset' })],
    });
    await eventually(async () => {
      expect(await jobService.tasksOf('discardTasks', job.jobId)).toMatchObject([
        { task_id: job.taskId(1), reason: 'retry_on_errors: does not name net.reset' },
      ]);
      const [deferred] = await jobService.tasksOf('deferTasks', job.jobId);
      expect(Date.parse(deferred?.next_attempt_at ?? '')).toBeGreaterThan(before + 80_000);
    });
  });
});

describe('a failure that will not pass', () => {
  test.each([
    ['of a permanent class', { error_type: 'smtp.550' }, 'terminal_class'],
    ['that the handler calls hopeless', { non_retryable: true, error_type: 'data.broken' }, 'terminal_class'],
    ['of an unsafe task', { safety: 'unsafe' as const, error_type: 'net.unsafe' }, 'safety'],
  ])('%s is discarded at once', async (_name, change, step) => {
    const job = newJob();
    const error_type = 'error_type' in change ? change.error_type : 'smtp.451';
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, change)] });
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', job.jobId)).toMatchObject([{ attempt: 1 }]));
    expect(await recordOf(job.taskId(0))).toMatchObject({ recovery_status: 'failed', retry_count: 0, next_retry_at: null });
    expect(await jobService.tasksOf('deferTasks', job.jobId)).toEqual([]);
    expect(await countOf('kintsugi_discards_total', { error_type, step })).toBe(1);
  });
});

describe('a lost worker', () => {
  test('leaves a record that waits for a person, and no command', async () => {
    const job = newJob();
    await jobService.emit('task.lost', {
      tasks: [
        { ...failureOf(job, 0, { safety: 'unsafe', error_type: 'worker.lost' }), state: 'outcome_unknown' },
        { ...failureOf(job, 1, { error_type: 'worker.lost' }), state: 'quarantined' },
      ],
    });
    await eventually(async () => {
      expect((await recordOf(job.taskId(0))).recovery_status).toBe('pending');
      expect((await recordOf(job.taskId(1))).recovery_status).toBe('pending');
    });
    const { items } = await callAction(jobService.bus, 'listErrorGroups', { job_id: job.jobId });
    expect(items).toMatchObject([{ count: 2, waiting: 2, outcome_unknown: 1 }]);
    for (const name of ['deferTasks', 'retryTasks', 'discardTasks', 'requeueTasks'] as const) {
      expect(await jobService.tasksOf(name, job.jobId)).toEqual([]);
    }
  });

  test('that reports after all settles what was unknown', async () => {
    const job = newJob();
    const [unsafe, other] = [0, 1].map((index) =>
      failureOf(job, index, { safety: 'unsafe', error_type: 'worker.lost', failures: 0 }),
    );
    if (!unsafe || !other) throw new Error('Two failures.');
    await jobService.emit('task.lost', {
      tasks: [unsafe, other].map((failure) => ({ ...failure, state: 'outcome_unknown' as const })),
    });
    await eventually(async () => expect((await recordOf(job.taskId(1))).recovery_status).toBe('pending'));
    await jobService.emit('task.failed', { tasks: [{ ...unsafe, failures: 1, error_type: 'net.reset' }] });
    await jobService.emit('task.recovered', {
      tasks: [{ task_id: job.taskId(1), job_id: job.jobId, attempt: 1, recovered_at: new Date().toISOString() }],
    });
    await eventually(async () => {
      expect(await recordOf(job.taskId(0))).toMatchObject({ recovery_status: 'failed', error_type: 'net.reset' });
      expect(await recordOf(job.taskId(1))).toMatchObject({ recovery_status: 'recovered' });
    });
  });
});

describe('events that come again or cannot be read', () => {
  test('a repeated failure changes nothing, and its command is not stored twice', async () => {
    const job = newJob();
    const failure = failureOf(job, 0, { retry_after_ms: 3_600_000, error_type: 'smtp.452' });
    await jobService.emit('task.failed', { tasks: [failure] });
    const first = await eventually(() => recordOf(job.taskId(0)));
    await jobService.emit('task.failed', { tasks: [failure] });
    await jobService.emit('task.failed', { tasks: [failure, { ...failure, attempt: 1 }] });
    const about = () => jobService.published.filter(({ data }) => JSON.stringify(data).includes(job.taskId(0)));
    await eventually(() => expect(about().length).toBeGreaterThanOrEqual(3));
    expect(new Set(about().map(({ id }) => id)).size).toBe(1);
    expect(await jobService.tasksOf('deferTasks', job.jobId)).toHaveLength(1);
    expect(await recordOf(job.taskId(0))).toEqual(first);
    expect(await countOf('kintsugi_failures_total', { error_type: 'smtp.452' })).toBe(1);
    expect(await countOf('kintsugi_retries_total', { error_type: 'smtp.452' })).toBe(1);
  });

  test('a failure of a run that the task has left behind changes nothing', async () => {
    const job = newJob();
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { attempt: 4, error_type: 'smtp.550' })] });
    const first = await eventually(() => recordOf(job.taskId(0)));
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { attempt: 2 })] });
    await jobService.emit('task.failed', { tasks: [failureOf(job, 1, { error_type: 'smtp.550' })] });
    await eventually(() => recordOf(job.taskId(1)));
    expect(await recordOf(job.taskId(0))).toEqual(first);
  });

  test('one that cannot be read is kept as a dead letter, and those behind it are taken', async () => {
    const job = newJob();
    const raw = (body: string, type?: string) =>
      jobService.bus.js.publish(subjects.event('task.failed'), body, {
        headers: headersOf(type ? { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-source': 's', 'ce-type': type } : {}),
      });
    await raw('not json', 'kintsugi.task.failed.v1');
    await raw('{"tasks":[{"task_id":1}]}', 'kintsugi.task.failed.v1');
    await raw('{}');
    await raw('{}', 'kintsugi.task.failed.v9');
    await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { error_type: 'smtp.550' })] });
    await eventually(async () => expect(await jobService.tasksOf('discardTasks', job.jobId)).toHaveLength(1));
    await eventually(async () => {
      expect(await countOf('kintsugi_dead_letters_total', { reason: 'JSON_INVALID' })).toBe(1);
      expect(await countOf('kintsugi_dead_letters_total', { reason: 'VALIDATION_FAILED' })).toBe(3);
    });
    expect(service.faults).toEqual([]);
  });
});

describe('a cancelled job', () => {
  test('ends the recovery of its tasks and their timers, and a failure that comes later is not retried', async () => {
    const job = newJob();
    const soon = failureOf(job, 0, { retry_after_ms: 1_500 });
    await jobService.emit('task.failed', { tasks: [soon] });
    await eventually(async () => expect((await recordOf(job.taskId(0))).next_retry_at).not.toBeNull());
    await jobService.emit('job.cancelled', {
      jobs: [
        {
          job_id: job.jobId,
          status: 'cancelled',
          started_at: null,
          finished_at: null,
          total_tasks: 2,
          task_counts: {},
          retries: 0,
          recovered: 0,
          first_try: 0,
          error_types: {},
          task_ms: null,
          submit_to_done_ms: null,
        },
      ],
    });
    await eventually(async () =>
      expect(await recordOf(job.taskId(0))).toMatchObject({
        recovery_status: 'failed',
        next_retry_at: null,
        recovery_attempts: [{ method: 'automatic_retry', result: 'failed: the job was cancelled' }],
      }),
    );
    await jobService.emit('task.failed', { tasks: [failureOf(job, 1)] });
    await eventually(async () =>
      expect(await jobService.tasksOf('discardTasks', job.jobId)).toMatchObject([{ reason: 'job cancelled: yes' }]),
    );
    // Another retry that is due after the cancelled one shows that the clock has passed it.
    const other = newJob();
    await jobService.emit('task.failed', { tasks: [failureOf(other, 0, { retry_after_ms: 1_500 })] });
    await eventually(async () => expect(await jobService.tasksOf('retryTasks', other.jobId)).toHaveLength(1));
    expect(await jobService.tasksOf('retryTasks', job.jobId)).toEqual([]);
    await expect(
      callAction(jobService.bus, 'manualRecover', {
        error_record_id: errorRecordIdOf(job.taskId(0)),
        recovery_options: { force: true },
      }),
    ).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });
});

test('failures of a deleted job are forgotten, and those that are told late are not recorded', async () => {
  const [job, other] = [newJob(), newJob()];
  await jobService.emit('task.failed', { tasks: [failureOf(job, 0), failureOf(job, 1), failureOf(other, 0)] });
  for (const taskId of [job.taskId(0), job.taskId(1), other.taskId(0)]) {
    await eventually(async () => expect(await recordOf(taskId)).toMatchObject({ error_type: 'smtp.451' }));
  }
  expect(await callAction(jobService.bus, 'forgetFailures', { job_ids: [job.jobId] })).toEqual({ forgotten: 1 });
  await jobService.emit('task.failed', { tasks: [failureOf(job, 2), failureOf(other, 1)] });
  await eventually(async () => expect(await recordOf(other.taskId(1))).toMatchObject({ job_id: other.jobId }));
  for (const index of [0, 1, 2]) {
    await expect(recordOf(job.taskId(index))).rejects.toMatchObject({ code: 'ERROR_RECORD_NOT_FOUND' });
  }
  expect(await recordOf(other.taskId(0))).toMatchObject({ job_id: other.jobId });
});
