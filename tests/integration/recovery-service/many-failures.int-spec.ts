import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
  service = await startRecoveryService(servers, { RETRY_WAIT_SECONDS: '1', RETRY_JITTER: 'full' });
});

afterAll(async () => {
  await service?.stop();
  await jobService?.close();
  await servers?.stop();
});

const count = 10_000;
const perMessage = 256;
/** The jitter may draw no wait at all: such a task is not deferred. */
const retries = ['deferTasks', 'retryTasks'];

/** Distinct tasks that published commands of some names were about. */
function tasksTold(...names: string[]): number {
  const told = jobService.published.filter((command) => names.includes(command.name));
  return new Set(
    told.flatMap(({ data }) =>
      ('tasks' in data ? (data.tasks ?? []) : []).map((task) => ('task_id' in task ? task.task_id : '')),
    ),
  ).size;
}

test('ten thousand failures at once cost no more each than those of one message, and a fifth of them are requeued', async () => {
  const alone = newJob();
  const aloneAt = performance.now();
  await jobService.emit('task.failed', { tasks: Array.from({ length: perMessage }, (_, index) => failureOf(alone, index)) });
  await eventually(() => expect(tasksTold(...retries)).toBe(perMessage));
  const aloneMs = performance.now() - aloneAt;
  await eventually(() => expect(tasksTold('retryTasks')).toBe(perMessage));
  jobService.published.length = 0;

  const job = newJob();
  const failures = Array.from({ length: count }, (_, index) =>
    failureOf(
      job,
      index,
      index % 5 === 0 ? { error_type: 'smtp.550', error_message: `550 <user${index}@example.com> unknown` } : {},
    ),
  );
  const begunAt = performance.now();
  for (let from = 0; from < count; from += perMessage) {
    await jobService.emit('task.failed', { tasks: failures.slice(from, from + perMessage) });
  }
  await eventually(() => expect([tasksTold(...retries), tasksTold('discardTasks')]).toEqual([8_000, 2_000]));
  expect(performance.now() - begunAt).toBeLessThan((aloneMs * 2 * count) / perMessage);
  await eventually(() => expect(tasksTold('retryTasks')).toBe(8_000));

  const { items } = await callAction(jobService.bus, 'listErrorGroups', { job_id: job.jobId });
  expect(items.map(({ count: size, by_status }) => [size, by_status.in_progress, by_status.failed])).toEqual([
    [8_000, 8_000, 0],
    [2_000, 0, 2_000],
  ]);
  const group_id = items[1]?.id ?? '';
  const receipt = await callAction(jobService.bus, 'manualRecover', { group_id }, { timeoutMs: 60_000 });
  expect(receipt.accepted).toBe(2_000);
  expect(service.faults).toEqual([]);
});
