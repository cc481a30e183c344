import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RetryConfig } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { startRecoveryService, type RecoveryServiceUnderTest } from './recovery-service-under-test.js';

let servers: TestServers;
let service: RecoveryServiceUnderTest;
let jobService: JobServiceSide;

beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  service = await startRecoveryService(servers, { RETRY_WAIT_SECONDS: '5' });
});

afterAll(async () => {
  await service?.stop();
  await jobService?.close();
  await servers?.stop();
});

function configOf(error_type: string, change: Partial<RetryConfig> = {}): RetryConfig {
  return { error_type, max_attempts: 4, initial_delay: 600, max_delay: 3600, backoff_factor: 2, retry_conditions: [], ...change };
}

function withValue(value: unknown): { error_type: string; config: RetryConfig } {
  return { error_type: 'a', config: configOf('a', { retry_conditions: [{ field: 'attempt', operator: 'eq', value }] }) };
}

async function configure(config: RetryConfig): Promise<{ replaced: boolean }> {
  return callAction(jobService.bus, 'configureRetry', { error_type: config.error_type, config });
}

/** Seconds that a new failure of an error type is put off: no less than the one, and no more than the other. */
async function waitOf(error_type: string): Promise<{ fromFailure: number; fromNow: number }> {
  const job = newJob();
  const failedAt = Date.now();
  await jobService.emit('task.failed', { tasks: [failureOf(job, 0, { error_type })] });
  const [deferred] = await eventually(async () => {
    const tasks = await jobService.tasksOf('deferTasks', job.jobId);
    expect(tasks).toHaveLength(1);
    return tasks;
  });
  const dueAt = Date.parse(deferred?.next_attempt_at ?? '');
  return { fromFailure: (dueAt - failedAt) / 1000, fromNow: (dueAt - Date.now()) / 1000 };
}

describe('configureRetry', () => {
  test('holds from the next failure on, and replaces what was set before', async () => {
    expect((await waitOf('app.busy')).fromNow).toBeLessThan(10);
    expect(await configure(configOf('app.busy'))).toMatchObject({ replaced: false });
    expect((await waitOf('app.busy')).fromFailure).toBeGreaterThanOrEqual(600);
    expect(await configure(configOf('app.busy', { initial_delay: 1200 }))).toMatchObject({ replaced: true });
    expect((await waitOf('app.busy')).fromFailure).toBeGreaterThanOrEqual(1200);
  });

  test('of a prefix holds for every type that starts so, unless one is named itself', async () => {
    await configure(configOf('mail.*', { initial_delay: 300 }));
    await configure(configOf('mail.full', { initial_delay: 900 }));
    expect((await waitOf('mail.other')).fromNow).toBeLessThan(900);
    expect((await waitOf('mail.other')).fromFailure).toBeGreaterThanOrEqual(300);
    expect((await waitOf('mail.full')).fromFailure).toBeGreaterThanOrEqual(900);
  });

  test('with conditions that do not hold discards the task', async () => {
    const retry_conditions = [{ field: 'error_message' as const, operator: 'contains' as const, value: 'deadlock' }];
    await configure(configOf('db.error', { initial_delay: 0, max_delay: 0, retry_conditions }));
    const job = newJob();
    await jobService.emit('task.failed', {
      tasks: [
        failureOf(job, 0, { error_type: 'db.error', error_message: 'deadlock found' }),
        failureOf(job, 1, { error_type: 'db.error', error_message: 'unique key violated' }),
      ],
    });
    await eventually(async () => {
      expect(await jobService.tasksOf('retryTasks', job.jobId)).toMatchObject([{ task_id: job.taskId(0) }]);
      expect(await jobService.tasksOf('discardTasks', job.jobId)).toMatchObject([{ task_id: job.taskId(1) }]);
    });
  });

  test('of a permanent error type by its full name has it retried', async () => {
    await configure(configOf('smtp.552', { initial_delay: 700 }));
    expect((await waitOf('smtp.552')).fromFailure).toBeGreaterThanOrEqual(700);
  });

  test('keeps condition values as they are, whatever their keys', async () => {
    const value = { $gt: 1, 'a.b': ['$x'] };
    await configure(configOf('odd.value', { retry_conditions: [{ field: 'attempt', operator: 'eq', value }] }));
    const { items } = await callAction(jobService.bus, 'listRetryConfigs', {});
    expect(items.find(({ error_type }) => error_type === 'odd.value')?.retry_conditions[0]?.value).toEqual(value);
  });

  test.each<[string, unknown, string]>([
    ['a star in the middle', { error_type: 'a*b', config: configOf('a*b') }, 'data.error_type'],
    ['two names', { error_type: 'a', config: configOf('b') }, 'data.config.error_type'],
    ['a factor below 1', { error_type: 'a', config: configOf('a', { backoff_factor: 0.5 }) }, 'data.config.backoff_factor'],
    ['a longest wait below the first', { error_type: 'a', config: configOf('a', { max_delay: 1 }) }, 'data.config.max_delay'],
    ['an unknown field', { error_type: 'a', config: configOf('a'), extra: 1 }, 'data.extra'],
    ['the error type __proto__', { error_type: '__proto__', config: configOf('a') }, 'data.error_type'],
    ['a value with a NUL key', withValue({ a: [{ '\0': 1 }] }), 'data.config.retry_conditions[0].value.a[0]'],
    ['a value that the driver takes for its own', withValue({ _bsontype: 'Long' }), 'data.config.retry_conditions[0].value'],
  ])('with %s is refused with the path of the fault', async (_name, data, path) => {
    await expect(callAction(jobService.bus, 'configureRetry', data as never)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: expect.arrayContaining([expect.objectContaining({ path })]) },
    });
  });
});

describe('unsetRetry', () => {
  const unset = (error_type: string) => callAction(jobService.bus, 'unsetRetry', { error_type });

  test('has a prefix, and then the default, hold again from the next failure on, and says which does', async () => {
    await configure(configOf('disk.*', { initial_delay: 300 }));
    await configure(configOf('disk.slow', { initial_delay: 900 }));
    expect((await waitOf('disk.slow')).fromFailure).toBeGreaterThanOrEqual(900);
    expect(await unset('disk.slow')).toMatchObject({ removed: true, config: { error_type: 'disk.*', initial_delay: 300 } });
    expect((await waitOf('disk.slow')).fromNow).toBeLessThan(900);
    expect(await unset('disk.*')).toMatchObject({ removed: true, config: { error_type: '*', initial_delay: 5 } });
    expect((await waitOf('disk.slow')).fromNow).toBeLessThan(300);
    expect(await unset('disk.slow')).toMatchObject({ removed: false });
  });

  test('of all others gives back the settings of the service, and the list tells what holds', async () => {
    await configure(configOf('*', { initial_delay: 700 }));
    expect(await callAction(jobService.bus, 'listRetryConfigs', {})).toMatchObject({ default: { initial_delay: 700 } });
    expect(await unset('*')).toMatchObject({ removed: true, config: { error_type: '*', initial_delay: 5 } });
    expect(await callAction(jobService.bus, 'listRetryConfigs', {})).toMatchObject({ default: { initial_delay: 5 } });
  });
});

describe('the versions of a policy', () => {
  const actorless = { error_type: 'kept.one' };

  test('are kept, compared and brought back, also to where nothing was set', async () => {
    await configure(configOf('kept.one'));
    await configure(
      configOf('kept.one', {
        max_attempts: 9,
        rules: [{ when: [{ field: 'attempt', operator: 'gt', value: 2 }], action: 'quarantine' }],
      }),
    );
    const diff = await callAction(jobService.bus, 'diffRetryConfig', actorless);
    expect(diff).toMatchObject({
      from: 1,
      to: 2,
      changes: [{ path: 'max_attempts', before: 4, after: 9 }, { path: 'rules[0]' }],
    });
    expect(await callAction(jobService.bus, 'revertRetry', actorless)).toMatchObject({ version: 3, reverted_to: 1 });
    expect(await callAction(jobService.bus, 'revertRetry', { ...actorless, to: 2 })).toMatchObject({
      version: 4,
      config: { max_attempts: 9 },
    });
    await callAction(jobService.bus, 'unsetRetry', actorless);
    const { holds, history } = await callAction(jobService.bus, 'getRetryConfig', actorless);
    expect(holds.error_type).toBe('*');
    expect(history.map(({ version, config, reverted_to }) => [version, config?.max_attempts, reverted_to])).toEqual([
      [5, undefined, undefined],
      [4, 9, 2],
      [3, 4, 1],
      [2, 9, undefined],
      [1, 4, undefined],
    ]);
  });

  test('of a type that has none are not there', async () => {
    await expect(callAction(jobService.bus, 'revertRetry', { error_type: 'never.set' })).rejects.toMatchObject({
      code: 'RETRY_CONFIG_NOT_FOUND',
    });
  });
});

test('testRetry tells step by step what would become of an error, and changes nothing', async () => {
  const rules = [{ when: [{ field: 'labels.team', operator: 'eq' as const, value: 'mail' }], action: 'fail_job' as const }];
  const config = configOf('tried.one', { rules, jitter: 'full' });
  const error = { error_type: 'tried.one', error_message: 'full' };
  const given = await callAction(jobService.bus, 'testRetry', { error: { ...error, labels: { team: 'mail' } }, config });
  expect(given).toMatchObject({ decision: 'fail_job', rule: { index: 0, action: 'fail_job' }, schedule: [] });
  const retried = await callAction(jobService.bus, 'testRetry', { error, config });
  expect(retried).toMatchObject({ decision: 'retry', source: 'tried.one', delay: { from_s: 0, to_s: 600 }, rule: null });
  expect(retried.schedule.map(({ attempt, to_s }) => [attempt, to_s])).toEqual([
    [2, 600],
    [3, 1200],
    [4, 2400],
  ]);
  expect((await callAction(jobService.bus, 'getRetryConfig', { error_type: 'tried.one' })).history).toEqual([]);
});

test('listRetryConfigs gives the default and what was set', async () => {
  await configure(configOf('listed.one'));
  const list = await callAction(jobService.bus, 'listRetryConfigs', {});
  expect(list.default).toEqual({
    error_type: '*',
    max_attempts: 4,
    initial_delay: 5,
    max_delay: 3600,
    backoff_factor: 2,
    retry_conditions: [],
  });
  expect(list.items).toContainEqual({
    ...configOf('listed.one'),
    version: 1,
    changed_by: 'nats',
    changed_at: expect.any(String),
  });
});
