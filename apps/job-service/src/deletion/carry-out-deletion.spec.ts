import { describe, expect, jest, test } from '@jest/globals';
import { natsActor, placeOfBundledJob } from '@kintsugi/contracts';
import { FollowParents } from '../directory/follow-parents.js';
import { JobDirectory } from '../directory/job-directory.js';
import { JobEraser } from '../directory/job-eraser.js';
import type { ExternalJobs } from '../external/external-jobs.js';
import type { Deletion } from '../jobs/deletions.js';
import { NewIds } from '../platform/new-ids.js';
import { serviceInMemory } from '../reconcile/service-in-memory.js';
import { bundleOf, reportOf } from '../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { recordOutcome } from '../tasks/domain/record-outcome.js';
import { cancelTasks } from '../tasks/domain/recovery-moves.js';
import { CarryOutDeletion } from './carry-out-deletion.js';
import type { JobTraces, OtherServices } from './job-traces.js';

const head = {
  ...{ product_id: 'p', sending_group_id: 'g', priority: 5, max_parallel_tasks: null, safety: 'idempotent' as const, labels: {} },
  ...{ retry_config: null, resource_limits: null },
};
const ownedId = 'job_01890a5d-ac96-774b-bcce-b302099a8058';
const given = { type: 'send', userId: 'u', tenant: 'default' };
const secret = 'ada@example.com';

interface Told {
  jobs: { job_id: string }[];
}

/** A service with an own job of two chunks and a job in a bundle, both cancelled, which counts its steps and fails at one of them. */
async function withJobs() {
  const service = serviceInMemory();
  const { chunked, chunks, ledger, live, cancelTasks: cancel, pauseTasks, prioritiseTasks, queues, eraseTasks } = service;
  const line = JSON.stringify({ payload: secret });
  await chunked.accept(ownedId, head as never, given, [[line, line], [line]]);
  const bundle = bundleOf(2);
  bundle.lines = [line, '{}'];
  service.engine.enter(bundle);
  await service.engine.changeAll([bundle.id], (chunk) => cancelTasks(chunk, [0], service.clock.at));
  const bundledId = bundle.jobIdOf(0);
  const closed: string[] = [];
  const opened: string[] = [];
  const forgotten: string[] = [];
  const traces: JobTraces = {
    closeKeys: async (jobIds) => void closed.push(...jobIds),
    openKeys: async (jobIds) => void opened.push(...jobIds),
    remove: () => Promise.resolve(),
  };
  const others: OtherServices = { forget: async (jobIds) => void forgotten.push(...jobIds) };
  const parts = { jobs: service.jobs, chunks, traces, others, publisher: service.publisher, deletions: service.deletions };
  const failing = failAt(parts);
  // No job of this spec is run by somebody else.
  const external = {} as ExternalJobs;
  const directory = new JobDirectory(
    ...([
      service.jobs,
      chunks,
      chunks,
      live,
      ledger,
      external,
      cancel,
      pauseTasks,
      service.openTasks,
      prioritiseTasks,
      queues,
    ] as const),
  );
  const followParents = new FollowParents(service.jobs, service.jobs, directory);
  const eraser = new JobEraser(directory, service.jobs, ledger, eraseTasks);
  const { publisher, deletions, clock } = service;
  const carryOut = new CarryOutDeletion(
    directory,
    eraser,
    followParents,
    service.releaseJobs,
    service.jobs,
    traces,
    others,
    publisher,
    deletions,
    clock,
    new NewIds(),
  );
  const stored = (): string => JSON.stringify([...service.stored.values()].map(({ tasks, jobs }) => [tasks, jobs]));
  return { ...service, directory, followParents, carryOut, closed, opened, forgotten, bundledId, bundle, stored, failing };
}

/** Has the nth call of whatever changes something fail, as a kill would cut it: before it was made or after. */
function failAt(parts: Record<string, object>) {
  const steps = ['remove', 'removeSome', 'removeEmptyBundle', 'apply', 'write', 'closeKeys', 'forget', 'publish', 'noteDone'];
  const state = { left: Infinity, isAfter: false, calls: 0 };
  for (const part of Object.values(parts)) {
    for (const step of steps) {
      const owner = part as Record<string, ((...given: unknown[]) => Promise<unknown>) | undefined>;
      const make = owner[step]?.bind(part);
      if (!make) continue;
      owner[step] = async (...args) => {
        state.calls += 1;
        state.left -= 1;
        if (state.left === 0 && !state.isAfter) throw new Error('killed');
        const result = await make(...args);
        if (state.left === 0) throw new Error('killed');
        return result;
      };
    }
  }
  return state;
}

function deletionOf(...jobIds: string[]): Deletion {
  return { id: 'del_1', jobIds, requestedBy: natsActor, requestId: 'r' };
}

async function end(service: Awaited<ReturnType<typeof withJobs>>): Promise<void> {
  await (await service.directory.get(ownedId)).apply('cancel', { by: 'ann' });
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe('a deletion', () => {
  test('removes all that is kept of jobs with a record and of those in a bundle, and tells of it', async () => {
    const service = await withJobs();
    await end(service);
    const { carryOut, bundledId, deletions, stored, jobs, closed, forgotten, published, directory } = service;
    const deletion = deletionOf(ownedId, bundledId);
    await deletions.add(deletion);
    expect(stored()).toContain(secret);
    expect(await carryOut.execute(deletion)).toBe(true);
    expect(stored()).not.toContain(secret);
    expect([await jobs.find(ownedId), await directory.open(bundledId), await directory.open(ownedId)]).toEqual([
      null,
      null,
      null,
    ]);
    expect([closed, forgotten]).toEqual([deletion.jobIds, deletion.jobIds]);
    expect(published.at(-1)).toMatchObject({
      name: 'job.deleted',
      data: { jobs: deletion.jobIds.map((job_id) => ({ job_id, by: natsActor.name })) },
    });
    expect([await deletions.unfinished('', 9), await deletions.has(ownedId)]).toEqual([[], true]);
    expect(placeOfBundledJob(bundledId)).not.toBeNull();
  });

  test('of a job that has not ended stops it first, and waits', async () => {
    const service = await withJobs();
    const { carryOut, bundle, stored, directory, engine, clock } = service;
    const waiting = bundle.jobIdOf(1);
    service.sender.stop = () => undefined;
    const { lease } = leaseTasks(bundle, [1], 'w', clock.at);
    expect(await carryOut.execute(deletionOf(waiting))).toBe(false);
    expect((await directory.open(waiting))?.status).toBe('cancelling');
    await engine.changeAll([bundle.id], (chunk) => recordOutcome(chunk, reportOf(lease, { done: [1] }), clock.at));
    expect(await carryOut.execute(deletionOf(waiting))).toBe(true);
    expect(await directory.open(waiting)).toBeNull();
    expect(stored()).toContain(secret);
    expect(await directory.open(service.bundledId)).not.toBeNull();
  });

  test('takes those with it that were to go with their parent, and theirs, before it', async () => {
    const service = await withJobs();
    await end(service);
    const { carryOut, jobs, deletions, published } = service;
    const parent = await jobs.find(ownedId);
    const child = (last: string, parent_job_id: string, with_parent: ('cancel' | 'delete')[]) =>
      jobs.insert({
        ...(parent as NonNullable<typeof parent>),
        _id: `${ownedId.slice(0, -2)}${last}`,
        parent_job_id,
        with_parent,
      });
    await child('91', ownedId, ['delete']);
    await child('92', `${ownedId.slice(0, -2)}91`, ['delete']);
    await child('93', ownedId, ['cancel']);
    await deletions.add(deletionOf(ownedId));
    for (let time = 0; time < 3 && !(await carryOut.execute(deletionOf(ownedId))); time += 1);
    const left = await Promise.all(['58', '91', '92', '93'].map((last) => jobs.find(`${ownedId.slice(0, -2)}${last}`)));
    expect(left.map((job) => job?._id.slice(-2))).toEqual([undefined, undefined, undefined, '93']);
    const told = published.filter(({ name }) => name === 'job.deleted').map(({ data }) => JSON.stringify(data).slice(-24));
    expect(told).toHaveLength(3);
    expect(await deletions.unfinished('', 9)).toEqual([]);
  });

  test('tells of each that goes with a parent once, though they end one after the other', async () => {
    const service = await withJobs();
    await end(service);
    const { carryOut, chunked, engine, clock, deletions, directory, published, forgotten } = service;
    service.sender.stop = () => undefined;
    const [slow, quick] = ['91', '92'].map((last) => `${ownedId.slice(0, -2)}${last}`) as [string, string];
    const lineage = { parent_job_id: ownedId, with_parent: ['delete' as const] };
    for (const id of [slow, quick]) await chunked.accept(id, head as never, { ...given, lineage }, [['{}']]);
    await (await directory.get(quick)).apply('cancel', { by: 'ann' });
    const place = `${slow.slice(4)}.0`;
    let fence = 0;
    await engine.changeAll([place], (chunk) => (fence = leaseTasks(chunk, [0], 'w', clock.at).lease.fence) > 0);
    await deletions.add(deletionOf(ownedId));
    expect(await carryOut.execute(deletionOf(ownedId))).toBe(false);
    await engine.changeAll([place], (chunk) => {
      return recordOutcome(chunk, reportOf(chunk.leaseOf(fence)!, { done: [0] }), clock.at);
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(await carryOut.execute(deletionOf(ownedId))).toBe(true);
    const told = published.filter(({ name }) => name === 'job.deleted').flatMap(({ data }) => (data as Told).jobs);
    expect(told.map(({ job_id }) => job_id)).toEqual([slow, quick, ownedId]);
    expect(forgotten).toEqual([slow, quick, ownedId]);
    expect([await deletions.unfinished('', 9), await deletions.has(quick)]).toEqual([[], true]);
  });

  test.each([
    ['completed', 'pending'],
    ['cancelled', 'cancelled'],
  ])('of a %s job leaves a child that is cancelled with it %s', async (ended, left) => {
    const service = await withJobs();
    const { carryOut, chunked, engine, clock, directory, followParents } = service;
    const childId = `${ownedId.slice(0, -2)}91`;
    const lineage = { parent_job_id: ownedId, with_parent: ['cancel' as const] };
    await chunked.accept(childId, head as never, { ...given, lineage }, [['{}']]);
    if (ended === 'completed') {
      const done = (sequence: number, indexes: number[]) =>
        engine.changeAll([`${ownedId.slice(4)}.${sequence}`], (chunk) => {
          return recordOutcome(chunk, reportOf(leaseTasks(chunk, indexes, 'w', clock.at).lease, { done: indexes }), clock.at);
        });
      await done(0, [0, 1]);
      await done(1, [0]);
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    } else await end(service);
    expect((await directory.open(ownedId))?.status).toBe(ended);
    expect(await carryOut.execute({ ...deletionOf(ownedId), onlyEnded: true })).toBe(true);
    await followParents.look();
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect((await directory.open(childId))?.status).toBe(left);
  });

  test('of what has ended leaves alone a job that runs again by then, with its keys', async () => {
    const service = await withJobs();
    const { carryOut, bundle, directory, deletions, bundledId, opened, closed, published } = service;
    const waiting = bundle.jobIdOf(1);
    const deletion = { ...deletionOf(ownedId, bundledId, waiting), onlyEnded: true as const };
    await deletions.add(deletion);
    expect(await carryOut.execute(deletion)).toBe(true);
    expect([(await directory.open(ownedId))?.status, (await directory.open(waiting))?.status]).toEqual(['pending', 'pending']);
    expect(await directory.open(bundledId)).toBeNull();
    expect([closed, opened]).toEqual([[bundledId], [ownedId, waiting]]);
    expect([await deletions.has(ownedId), await deletions.has(bundledId)]).toEqual([false, true]);
    expect(published.at(-1)?.data).toEqual({ jobs: [{ job_id: bundledId, by: natsActor.name }] });
  });

  test('of what has ended leaves alone a job that begins to run again while it is carried out', async () => {
    const service = await withJobs();
    await end(service);
    const { carryOut, deletions, opened, ledger } = service;
    jest.spyOn(ledger, 'beginDeletion').mockResolvedValueOnce(false);
    const deletion = { ...deletionOf(ownedId), onlyEnded: true as const };
    await deletions.add(deletion);
    expect(await carryOut.execute(deletion)).toBe(true);
    expect([opened, await deletions.has(ownedId)]).toEqual([[ownedId], false]);
    expect(await service.jobs.find(ownedId)).not.toBeNull();
  });

  test('that is cut at any step comes to its end when it is carried out again', async () => {
    const steps = await countSteps();
    expect(steps).toBeGreaterThan(8);
    for (const isAfter of [false, true]) {
      for (let step = 1; step <= steps; step += 1) await cutAt(step, isAfter);
    }
  });
});

async function countSteps(): Promise<number> {
  const service = await withJobs();
  await end(service);
  service.failing.calls = 0;
  await service.carryOut.execute(deletionOf(ownedId, service.bundledId));
  return service.failing.calls;
}

async function cutAt(step: number, isAfter: boolean): Promise<void> {
  const service = await withJobs();
  await end(service);
  const { carryOut, bundledId, deletions, stored, jobs, failing, published, directory, forgotten } = service;
  const deletion = deletionOf(ownedId, bundledId);
  await deletions.add(deletion);
  Object.assign(failing, { left: step, isAfter });
  await carryOut.execute(deletion).catch((error: unknown) => expect(String(error)).toMatch(/killed|changed by somebody/));
  failing.left = Infinity;
  if (!(await carryOut.execute(deletion))) throw new Error(`Cut at step ${step}, it did not come to its end.`);
  expect(stored()).not.toContain(secret);
  expect([await jobs.find(ownedId), await directory.open(bundledId)]).toEqual([null, null]);
  expect(forgotten).toEqual(expect.arrayContaining([ownedId, bundledId]));
  expect(published.filter(({ name }) => name === 'job.deleted').length).toBeGreaterThan(0);
  expect(await deletions.unfinished('', 9)).toEqual([]);
}
