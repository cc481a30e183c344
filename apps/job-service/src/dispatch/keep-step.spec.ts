import { beforeEach, describe, expect, test } from '@jest/globals';
import type { KeepStep as Request } from '@kintsugi/contracts';
import { serviceInMemory } from '../reconcile/service-in-memory.js';
import type { KeptStep } from '../steps/kept-step.js';
import { StepsOfTask } from '../steps/steps-of-task.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { bundleOf } from '../tasks/domain/chunk-sample.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { loseLease } from '../tasks/domain/lose-lease.js';
import { KeepStep } from './keep-step.js';

let service: ReturnType<typeof serviceInMemory>;
let keepStep: KeepStep;
let chunk: Chunk;
let sure: () => Promise<void>;

beforeEach(async () => {
  service = serviceInMemory();
  sure = () => Promise.resolve();
  keepStep = new KeepStep(service.live, service.engine, service.stepWriter, { epoch: 1, assertLeading: () => sure() });
  chunk = bundleOf(3);
  service.engine.enter(chunk);
  await service.engine.changeAll([chunk.id], (held) => leaseTasks(held, [0, 1], 'w', service.clock.at));
});

function stepOf(given: Partial<Request> = {}): Request {
  const what = { task_id: chunk.taskId(0), worker_id: 'w', fence: 1, attempt: 1, sequence: 0, name: 'charge' };
  return { ...what, started_at: service.clock.at, took_us: 10, result: '{"paid":true}', ...given };
}

const wholeSteps = async (index = 0): Promise<KeptStep[]> => {
  const steps = new StepsOfTask(service.steps);
  return steps.whole(await steps.at(chunk, index));
};

const kept = async (index = 0): Promise<string[]> => (await wholeSteps(index)).map(({ name, result }) => `${name} ${result}`);

const lost = (): Promise<void> =>
  service.engine.changeAll([chunk.id], (held) => loseLease(held, 1, { alone: false, lossesMax: 5, now: service.clock.at }));

describe('a step', () => {
  test('is kept, and the task is marked for its next run and no other task is', async () => {
    await keepStep.execute(stepOf());
    await keepStep.execute(stepOf({ sequence: 1, name: 'ship', result: '' }));
    expect(await kept()).toEqual(['charge {"paid":true}', 'ship ']);
    const [stored] = await service.chunks.load([chunk.id]);
    expect(stored?.state.extras.steps).toEqual({ 0: {} });
    await lost();
    const { header } = leaseTasks(chunk, [0, 1], 'v', service.clock.at);
    expect(header.steps).toEqual([0]);
    expect(leaseTasks(chunk, [2], 'v', service.clock.at).header).not.toHaveProperty('steps');
  });

  test.each([
    ['another lease', { fence: 2 }],
    ['another worker', { worker_id: 'v' }],
    ['a task that the lease does not hold', { task_id: `${bundleOf(3).taskId(2)}` }],
    ['a task that is not there', { task_id: bundleOf(3).taskId(200) }],
  ])('of %s is refused and not kept', async (_, given) => {
    await expect(keepStep.execute(stepOf(given))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(service.steps.stored.size).toBe(0);
  });

  test('of a worker that was lost is refused', async () => {
    await lost();
    await expect(keepStep.execute(stepOf())).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(service.steps.stored.size).toBe(0);
  });

  test('whose worker is lost while it is being written is not said to be kept', async () => {
    const write = service.steps.write.bind(service.steps);
    service.steps.write = async (steps) => {
      await lost();
      await write(steps);
    };
    await expect(keepStep.execute(stepOf())).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  test('is not said to be kept by a replica that no longer leads', async () => {
    sure = () => Promise.reject(new Error('led no longer'));
    await expect(keepStep.execute(stepOf())).rejects.toThrow('led no longer');
  });

  test('whose result is no JSON is refused', async () => {
    await expect(keepStep.execute(stepOf({ result: '{' }))).rejects.toMatchObject({ code: 'JSON_INVALID' });
    expect(service.steps.stored.size).toBe(0);
  });

  test('goes into one write with those that come while others are being written', async () => {
    const groups: number[] = [];
    const write = service.steps.write.bind(service.steps);
    service.steps.write = async (steps) => {
      groups.push(steps.length);
      await write(steps);
    };
    const many = Array.from({ length: 100 }, (_, sequence) => stepOf({ sequence, name: `step ${sequence}` }));
    await Promise.all(many.map((step) => keepStep.execute(step)));
    expect(await kept()).toHaveLength(100);
    expect(groups.length).toBeLessThan(5);
  });

  test('goes with its job when that is deleted, also one on its way', async () => {
    await keepStep.execute(stepOf());
    await keepStep.execute(stepOf({ task_id: chunk.taskId(1) }));
    const late = service.stepWriter.keep({ ...(await wholeSteps())[0]!, sequence: 5 });
    chunk.move(0, 'succeed');
    await service.eraseTasks.at(chunk.id, [0, 1]);
    await late;
    expect([...service.steps.stored.keys()]).toEqual([`${chunk.taskId(1)}/000`]);
  });
});
