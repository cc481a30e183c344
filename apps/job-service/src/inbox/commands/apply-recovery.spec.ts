import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { taskIdOf, type JobHead, type TaskState } from '@kintsugi/contracts';
import { freshChunk, freshJob } from '../../intake/domain/fresh-chunks.js';
import { serviceInMemory } from '../../reconcile/service-in-memory.js';
import { RerunHolds } from '../../jobs/rerun-holds.js';
import { reportOf, uuid } from '../../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../../tasks/domain/lease-tasks.js';
import { recordOutcome } from '../../tasks/domain/record-outcome.js';
import { AbortJob } from '../../dispatch/abort-job.js';
import { StepsOfTask } from '../../steps/steps-of-task.js';
import { ApplyRecovery } from './apply-recovery.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
const chunkIds = [`${uuid}.0`, `${uuid}.1`] as const;
const due = '2026-11-23T06:00:05.000Z';

let service: ReturnType<typeof serviceInMemory>;
let recovery: ApplyRecovery;

/** Two chunks of two tasks, the first of which has failed once. */
beforeEach(async () => {
  service = serviceInMemory();
  const holds = new RerunHolds(service.jobs, service.ledger);
  recovery = new ApplyRecovery(
    service.engine,
    holds,
    service.clock,
    new AbortJob(service.ledger, service.cancelTasks),
    new StepsOfTask(service.steps),
  );
  const now = service.clock.at;
  const job = freshJob(jobId, head, { type: 'send', userId: 'u', tenant: 'default', total: 4, chunks: 2, now });
  await service.jobs.insert({ ...job, opened: true });
  const owner = { jobId, type: 'send', priority: 5, safety: 'idempotent', retryConfig: null } as const;
  for (const sequence of [0, 1]) {
    const made = freshChunk(owner, sequence, ['{"payload":{}}', '{"payload":{}}'], now);
    await service.chunks.write([service.chunks.mark(made.takeChange())]);
  }
  await service.engine.changeAll(chunkIds, (chunk) => {
    const { lease } = leaseTasks(chunk, [0], 'w', now);
    recordOutcome(chunk, { ...reportOf(lease, { failed: [0] }), chunk_id: chunk.id }, now + 1_000);
  });
});

function task(chunk: 0 | 1, index = 0, attempt = 1): { task_id: string; attempt: number } {
  return { task_id: taskIdOf(chunkIds[chunk], index), attempt };
}

/** How the tasks stand in the record. */
async function states(): Promise<(TaskState | undefined)[]> {
  const chunks = await service.chunks.load(chunkIds);
  return chunks.flatMap((chunk) => [chunk?.stateOf(0), chunk?.stateOf(1)]);
}

describe('what recovery-service asks for', () => {
  test('is carried out for all tasks of a command, in one change of each chunk', async () => {
    const write = jest.spyOn(service.chunks, 'write');
    await recovery.defer({ tasks: [task(0), task(1)].map((one) => ({ ...one, next_attempt_at: due })) });
    expect(await states()).toEqual(['waiting_retry', 'ready', 'waiting_retry', 'ready']);
    expect(write.mock.calls.flatMap(([changes]) => changes)).toHaveLength(2);
    await recovery.retry({ tasks: [task(0)] });
    await recovery.discard({ tasks: [{ ...task(1), reason: 'so' }] });
    expect(await states()).toEqual(['ready', 'ready', 'dead', 'ready']);
  });

  test('is written when it resolves, and not before', async () => {
    const held = Promise.withResolvers<void>();
    const write = service.chunks.write.bind(service.chunks);
    jest.spyOn(service.chunks, 'write').mockImplementation(async (changes) => {
      await held.promise;
      return write(changes);
    });
    let isDone = false;
    const applied = recovery.retry({ tasks: [task(0)] }).then(() => (isDone = true));
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect([isDone, (await states())[0]]).toEqual([false, 'failed']);
    held.resolve();
    await applied;
    expect((await states())[0]).toBe('ready');
  });

  test('changes nothing where it is late, repeated, or about a task that is elsewhere or does not exist', async () => {
    await recovery.retry({ tasks: [task(0)] });
    const write = jest.spyOn(service.chunks, 'write');
    const missing = taskIdOf('01890a5d-ac96-774b-bcce-b302099a8058.0', 0);
    await recovery.retry({ tasks: [task(0), task(0, 1), task(1, 0, 2), task(1, 1, 0), { task_id: missing, attempt: 1 }] });
    await recovery.discard({ tasks: [{ ...task(1, 0, 2), reason: 'so' }] });
    await recovery.requeue({ tasks: [task(1, 1)], params: { to: 'b' } });
    expect(await states()).toEqual(['ready', 'ready', 'failed', 'ready']);
    expect(write).not.toHaveBeenCalled();
  });

  test('does for the others what it cannot do for one', async () => {
    await recovery.discard({ tasks: [task(0, 0, 7), task(0, 1), task(1)].map((one) => ({ ...one, reason: 'so' })) });
    expect(await states()).toEqual(['failed', 'ready', 'dead', 'ready']);
  });

  test('brings a task back with the params laid over those before', async () => {
    await recovery.discard({ tasks: [{ ...task(0), reason: 'so' }] });
    await recovery.requeue({ tasks: [task(0)], params: { to: 'a', at: 1 } });
    await recovery.requeue({ tasks: [task(0)], params: { to: 'late' } });
    await service.engine.changeAll([chunkIds[0]], (chunk) => {
      const { lease } = leaseTasks(chunk, [0], 'w', service.clock.at);
      recordOutcome(chunk, reportOf(lease, { failed: [0] }), service.clock.at + 1_000);
    });
    await recovery.requeue({ tasks: [task(0, 0, 2)], params: { to: 'b' } });
    const [chunk] = await service.chunks.load([chunkIds[0]]);
    expect(chunk?.stateOf(0)).toBe('ready');
    expect(JSON.parse(chunk?.state.extras.params[0] ?? '')).toEqual({ to: 'b', at: 1 });
  });

  test('has the job end with the last of its tasks', async () => {
    await service.engine.changeAll(chunkIds, (chunk) => {
      const { lease } = leaseTasks(chunk, [1], 'w', service.clock.at);
      recordOutcome(chunk, { ...reportOf(lease, { done: [1] }), chunk_id: chunk.id }, service.clock.at + 1_000);
    });
    await recovery.discard({ tasks: [{ ...task(0), reason: 'so' }] });
    await recovery.discard({ tasks: [{ ...task(1), reason: 'so' }] });
    for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect((await service.jobs.find(jobId))?.status).toBe('failed');
  });
});

describe('what a rule of a retry policy asks for', () => {
  test('is a task that is kept from running, once it has failed', async () => {
    await recovery.discard({ tasks: [{ ...task(0), reason: 'so', quarantine: true }] });
    await recovery.discard({ tasks: [{ ...task(0, 1), reason: 'so', quarantine: true }] });
    expect(await states()).toEqual(['quarantined', 'ready', 'failed', 'ready']);
  });

  test('is a job that fails as a whole, also where the command comes twice; not where it comes too late', async () => {
    const failing = { tasks: [{ ...task(0), reason: 'so', fail_job: true as const }] };
    await recovery.discard({ tasks: [{ ...task(0, 0, 9), reason: 'so', fail_job: true }] });
    expect(await states()).toEqual(['failed', 'ready', 'failed', 'ready']);
    await recovery.discard(failing);
    await recovery.discard(failing);
    expect(await states()).toEqual(['dead', 'cancelled', 'cancelled', 'cancelled']);
    await service.ledger.hold([jobId], async () => {
      expect(service.ledger.get(jobId)?.job).toMatchObject({
        status: expect.stringMatching(/^(cancelling|failed)$/),
        aborted: true,
      });
    });
  });
});

test('a task runs again from the step that is named, and another one behind its last', async () => {
  const of = (chunk: 0 | 1, sequence: number) => ({
    ...{ taskId: task(chunk).task_id, sequence, name: ['reserve', 'charge', 'ship'][sequence] as string, fence: 1, attempt: 1 },
    ...{ startedAt: 0, tookUs: 1, result: '' },
  });
  await service.steps.write([of(0, 0), of(0, 1), of(0, 2), of(1, 0)]);
  await service.engine.changeAll(chunkIds, (chunk) => {
    chunk.setExtra('steps', 0, {});
    return true;
  });
  await recovery.requeue({ tasks: [task(0), task(1)], from_step: 'charge' });
  const chunks = await service.chunks.load(chunkIds);
  const left = await Promise.all(chunks.map((chunk) => new StepsOfTask(service.steps).at(chunk, 0)));
  expect(left.map((steps) => steps.map(({ name }) => name))).toEqual([['reserve'], ['reserve']]);
  expect(await states()).toEqual(['ready', 'ready', 'ready', 'ready']);
});
