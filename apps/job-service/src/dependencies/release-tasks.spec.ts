import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { DependencyFailureRule, JobHead, TaskInput, TaskState } from '@kintsugi/contracts';
import { chunkedLines } from '../intake/domain/fresh-chunks.js';
import { serviceInMemory, settled } from '../reconcile/service-in-memory.js';
import { reportOf, uuid } from '../tasks/domain/chunk-sample.js';
import type { Chunk, Lease } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { loseLease } from '../tasks/domain/lose-lease.js';
import { discardTask, requeueTask } from '../tasks/domain/recovery-moves.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';

const jobId = `job_${uuid}`;
const head: JobHead = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent', labels: {} };
const given = { type: 'send', userId: 'u', tenant: 'default' };

let service: ReturnType<typeof serviceInMemory>;

beforeEach(() => {
  service = serviceInMemory();
});

/** Another process takes over what this one has written. */
async function restart(): Promise<void> {
  service = serviceInMemory(service);
  await service.ledger.hold([jobId], async () => {
    const entry = service.ledger.get(jobId);
    if (entry) service.releaseTasks.begin(entry);
    return settled(service);
  });
}

function accept(
  tasks: readonly TaskInput[],
  rule: DependencyFailureRule | undefined,
  perChunk = Infinity,
  safety = head.safety,
): Promise<unknown> {
  const lines = tasks.map((task) => JSON.stringify(task));
  const groups = perChunk === Infinity ? chunkedLines(lines) : [];
  for (let from = 0; from < lines.length && perChunk < Infinity; from += perChunk) {
    groups.push(lines.slice(from, from + perChunk));
  }
  return service.chunked.accept(jobId, { ...head, safety, ...(rule ? { on_dependency_failure: rule } : {}) }, given, groups);
}

async function everyChunk(): Promise<Chunk[]> {
  return service.chunks.page(jobId, 0, null, 10_000);
}

async function states(): Promise<TaskState[]> {
  return (await everyChunk()).flatMap((chunk) =>
    Array.from({ length: chunk.identity.count }, (_, index) => chunk.stateOf(index)),
  );
}

/** Runs some of the ready tasks of a chunk to their end, as a worker and recovery would. */
async function run(id: string, indexes: readonly number[], failing: (index: number) => boolean): Promise<void> {
  const { clock, engine } = service;
  await engine.changeAll([id], (chunk) => {
    const { lease } = leaseTasks(chunk, indexes, 'w', clock.now());
    const done = lease.indexes.filter((index) => !failing(index));
    const failed = lease.indexes
      .filter(failing)
      .map((index) => ({ index, started: 0, took_us: 1, error_type: 'x', error_message: 'x' }));
    const times = { base_ms: clock.now(), started: done.map(() => 0), took_us: done.map(() => 1) };
    recordOutcome(chunk, { chunk_id: id, fence: lease.fence, done, failed, returned: [], ...times }, clock.now());
    for (const { index } of failed) discardTask(chunk, index, 1, clock.now());
  });
}

/** The worker of the first task of a chunk is lost. */
async function lose(id: string): Promise<Lease> {
  const leases: Lease[] = [];
  await service.engine.changeAll([id], (chunk) => {
    const { lease } = leaseTasks(chunk, [0], 'w', service.clock.now());
    leases.push({ ...lease });
    loseLease(chunk, lease.fence, { alone: true, lossesMax: 5, now: service.clock.now() });
  });
  await settled(service);
  return leases[0] as Lease;
}

/** A job has failed with its deadline, and of what its second task waited for it is told late that it is done. Gives its ends. */
async function endByDeadline(): Promise<string[]> {
  await accept([{ id: 'a' }, { id: 'b', depends_on: ['a'] }, { id: 'c' }, { id: 'd' }], 'skip', 1, 'unsafe');
  await settled(service);
  await run(`${uuid}.3`, [0], () => true);
  const lease = await lose(`${uuid}.0`);
  const seen: string[] = [];
  service.ledger.onEnded(({ status }) => seen.push(status));
  const entry = service.ledger.get(jobId);
  if (entry) await service.ledger.move(entry, 'expire');
  await service.cancelTasks.ofJob(jobId);
  await settled(service);
  await service.engine.changeAll([`${uuid}.0`], (chunk) => recordOutcome(chunk, reportOf(lease, { done: [0] }), 1));
  await settled(service);
  return seen;
}

async function requeue(id: string): Promise<void> {
  await service.engine.changeAll([id], (chunk) => requeueTask(chunk, 0, 1, undefined, service.clock.now()));
  await settled(service);
}

/** Runs all that is ready until nothing is. Gives the tasks in the order in which they ran. */
async function runAll(fails: (task: number) => boolean, perChunk: number): Promise<number[]> {
  const order: number[] = [];
  for (;;) {
    const ready = (await everyChunk()).filter((chunk) => chunk.count('ready') > 0);
    if (ready.length === 0) return order;
    for (const chunk of ready) {
      const base = Number(chunk.id.slice(37)) * perChunk;
      const indexes = chunk.indexesIn('ready');
      order.push(...indexes.map((index) => base + index));
      await run(chunk.id, indexes, (index) => fails(base + index));
    }
    await settled(service);
  }
}

const dags = fc.record({
  edges: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 24 }),
  failing: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
  rule: fc.constantFrom<DependencyFailureRule | undefined>(undefined, 'fail', 'skip', 'run'),
  restarts: fc.boolean(),
});

describe('tasks that wait for others', () => {
  test('run after all of them, or end as the job asks where one of them fails, whatever dies meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(dags, async ({ edges, failing, rule, restarts }) => {
        service = serviceInMemory();
        const parents = Array.from({ length: 12 }, (_, task) => [
          ...new Set(edges.filter((pair) => Math.max(...pair) === task && pair[0] !== pair[1]).map((pair) => Math.min(...pair))),
        ]);
        await accept(
          parents.map((of, task) => ({
            id: `t${task}`,
            ...(of.length > 0 ? { depends_on: of.map((parent) => `t${parent}`) } : {}),
          })),
          rule,
          5,
        );
        if (restarts) await restart();
        await settled(service);
        const order = await runAll((task) => failing.includes(task), 5);
        if (restarts) await restart();
        const expected: TaskState[] = [];
        parents.forEach((of, task) => {
          const isHeld = rule !== 'run' && of.some((parent) => expected[parent] !== 'succeeded');
          if (isHeld) expected[task] = rule === 'skip' ? 'skipped' : 'dead';
          else expected[task] = failing.includes(task) ? 'dead' : 'succeeded';
        });
        expect(await states()).toEqual(expected);
        const at = new Map(order.map((task, place) => [task, place]));
        for (const task of order) {
          for (const parent of parents[task] ?? []) {
            if (at.has(parent)) expect(at.get(parent)).toBeLessThan(at.get(task) as number);
          }
        }
        expect(service.ledger.get(jobId)?.job.status ?? 'over').toMatch(
          expected.includes('dead') ? /failed|over/ : /completed|over/,
        );
      }),
      { numRuns: 60 },
    );
  });

  test("wait again, and run, when what they waited for is run again at a person's word", async () => {
    await accept([{ id: 'a' }, { id: 'b', depends_on: ['a'] }, { id: 'c', depends_on: ['b'] }], undefined, 1);
    await settled(service);
    expect(await states()).toEqual(['ready', 'blocked', 'blocked']);
    await runAll(() => true, 1);
    expect(await states()).toEqual(['dead', 'dead', 'dead']);
    expect((await everyChunk())[2]?.state.extras.errors[0]).toMatchObject({
      error_type: 'dependency.failed',
      error_message: expect.stringContaining(`task_${uuid}.`),
    });
    await requeue(`${uuid}.0`);
    expect(await states()).toEqual(['ready', 'blocked', 'blocked']);
    await runAll(() => false, 1);
    expect(await states()).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  test.each(['skip', 'fail'] as const)(
    'run after all, before their job has ended, when a lost worker tells late that what they waited for is done (%s)',
    async (rule) => {
      await accept([{ id: 'a' }, { id: 'b', depends_on: ['a'] }, { id: 'c', depends_on: ['b'] }], rule, 1, 'unsafe');
      await settled(service);
      const seen: string[] = [];
      service.ledger.onEnded(({ status }) => seen.push(status));
      const lease = await lose(`${uuid}.0`);
      const givenUp = rule === 'skip' ? 'skipped' : 'dead';
      expect(await states()).toEqual(['outcome_unknown', givenUp, givenUp]);
      expect(seen).toEqual(['failed']);
      await service.engine.changeAll([`${uuid}.0`], (chunk) => recordOutcome(chunk, reportOf(lease, { done: [0] }), 1));
      await settled(service);
      expect(await states()).toEqual(['succeeded', 'ready', 'blocked']);
      expect((await service.jobs.find(jobId))?.status).toBe('recovering');
      await runAll(() => false, 1);
      expect(await states()).toEqual(['succeeded', 'succeeded', 'succeeded']);
      expect(seen).toEqual(['failed', 'completed']);
    },
  );

  test.each(['skip', 'fail'] as const)(
    'run after all when the service died of the late report that what they waited for is done (%s)',
    async (rule) => {
      await accept([{ id: 'a' }, { id: 'b', depends_on: ['a'] }], rule, 1, 'unsafe');
      await settled(service);
      const lease = await lose(`${uuid}.0`);
      const [chunk] = (await service.chunks.load([`${uuid}.0`])) as [Chunk];
      recordOutcome(chunk, reportOf(lease, { done: [0] }), 1);
      await service.chunks.write([service.chunks.mark(chunk.takeChange())]);
      expect((await service.jobs.find(jobId))?.status).toBe('failed');
      service = serviceInMemory(service);
      await service.reconciler.publishPromised(service.clock.now());
      await settled(service);
      expect(await states()).toEqual(['succeeded', 'ready']);
      expect((await service.jobs.find(jobId))?.status).toBe('recovering');
    },
  );

  test('do not begin after the deadline of their job, unless a person has the job go on', async () => {
    const seen = await endByDeadline();
    expect(await states()).toEqual(['succeeded', 'skipped', 'cancelled', 'dead']);
    expect(seen).toEqual(['failed']);
    await requeue(`${uuid}.3`);
    await runAll(() => false, 1);
    expect(await states()).toEqual(['succeeded', 'succeeded', 'cancelled', 'succeeded']);
    expect(seen).toEqual(['failed', 'failed']);
  });

  test('run also when it could not be written at first that a person has their job go on, and all else has ended since', async () => {
    service = serviceInMemory({}, { onFault: () => undefined });
    await endByDeadline();
    jest.spyOn(service.jobs, 'apply').mockRejectedValueOnce(new Error('Nobody answers.'));
    await requeue(`${uuid}.3`);
    await runAll(() => false, 1);
    expect(await states()).toEqual(['succeeded', 'succeeded', 'cancelled', 'succeeded']);
  });

  test('run as soon as it is written that a person has their job go on', async () => {
    await endByDeadline();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const apply = service.jobs.apply.bind(service.jobs);
    jest.spyOn(service.jobs, 'apply').mockImplementationOnce((...given) => promise.then(() => apply(...given)));
    await requeue(`${uuid}.3`);
    expect(await states()).toEqual(['succeeded', 'skipped', 'cancelled', 'ready']);
    resolve(undefined);
    await settled(service);
    expect(await states()).toEqual(['succeeded', 'ready', 'cancelled', 'ready']);
  });

  test('by the thousand cost one change a chunk, and what waits for thousands runs once', async () => {
    const count = 10_000;
    const middle = Array.from({ length: count }, (_, task) => ({ id: `m${task}`, depends_on: ['first'] }));
    await accept([{ id: 'first' }, ...middle, { id: 'last', depends_on: middle.map(({ id }) => id) }], undefined);
    await settled(service);
    let writes = 0;
    service.changes.observe({ written: () => (writes += 1) });
    await run(`${uuid}.0`, [0], () => false);
    await settled(service);
    const chunks = await everyChunk();
    expect(chunks.reduce((sum, chunk) => sum + chunk.count('ready'), 0)).toBe(count);
    expect(writes).toBeLessThanOrEqual(chunks.length + 1);
    for (const chunk of chunks) await run(chunk.id, chunk.indexesIn('ready'), () => false);
    await settled(service);
    expect((await states()).filter((state) => state === 'ready')).toHaveLength(1);
    expect(writes).toBeLessThanOrEqual(2 * chunks.length + 2);
  });

  test('are told with what they wait for', async () => {
    await accept([{ id: 'a' }, { id: 'b' }, { id: 'c', depends_on: ['b', 'a'] }], undefined, 2);
    await settled(service);
    const places = await service.releaseTasks.parentsOf(jobId, { chunkId: `${uuid}.1`, index: 0 });
    expect(places.map(({ chunkId, index }) => `${chunkId}.${index}`)).toEqual([`${uuid}.0.1`, `${uuid}.0.0`]);
    const entry = service.ledger.get(jobId);
    expect(entry && (await service.releaseTasks.holdersOf(entry, 9))).toEqual([`task_${uuid}.0.0`, `task_${uuid}.0.1`]);
  });

  test('are cancelled with their job, and not given up', async () => {
    await accept([{ id: 'a' }, { id: 'b', depends_on: ['a'] }], undefined, 1);
    await settled(service);
    const entry = service.ledger.get(jobId);
    if (entry) await service.ledger.move(entry, 'cancel');
    await service.cancelTasks.ofJob(jobId);
    await settled(service);
    expect(await states()).toEqual(['cancelled', 'cancelled']);
  });
});
