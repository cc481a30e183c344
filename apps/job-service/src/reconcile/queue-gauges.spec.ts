import { beforeEach, expect, test } from '@jest/globals';
import { bundleOf } from '../tasks/domain/chunk-sample.js';
import { Chunk } from '../tasks/domain/chunk.js';
import { leaseTasks } from '../tasks/domain/lease-tasks.js';
import { copyOf } from '../tasks/chunk-record-in-memory.js';
import { serviceInMemory, settled } from './service-in-memory.js';

let service: ReturnType<typeof serviceInMemory>;

beforeEach(() => {
  service = serviceInMemory();
});

const gauge = (name: string): number | undefined => service.gauges.get(name);

test('a type with tasks that wait shows how long, and that nobody is there to run them', async () => {
  const bundle = bundleOf(2);
  await service.chunks.write([service.chunks.mark(bundle.takeChange())]);
  service.clock.at = bundle.identity.acceptedAt + 90_000;
  await service.reconciler.round();
  expect(gauge(`kintsugi_queue_oldest_ready_age_seconds ${bundle.identity.queue}`)).toBe(90);
  expect(gauge(`kintsugi_queue_workers ${bundle.identity.queue}`)).toBe(0);
  introduce('worker-1', bundle.identity.queue);
  introduce('worker-2', bundle.identity.queue);
  await service.reconciler.round();
  expect(gauge(`kintsugi_queue_workers ${bundle.identity.queue}`)).toBe(2);
});

test('tasks of jobs of one task are shown by state, from the record and as they change', async () => {
  const before = bundleOf(3);
  await service.chunks.write([service.chunks.mark(before.takeChange())]);
  await service.reconciler.round();
  expect(gauge(`kintsugi_queue_tasks ${before.identity.queue} ready`)).toBe(3);
  const { identity, state, lines } = bundleOf(2);
  const next = new Chunk({ ...identity, id: `${identity.id}-next` }, state, lines);
  service.engine.enter(next);
  service.writer.save(next);
  await settled(service);
  leaseTasks(next, [0], 'worker-1', service.clock.at);
  service.writer.save(next);
  await settled(service);
  await service.reconciler.round();
  expect(gauge(`kintsugi_queue_tasks ${before.identity.queue} ready`)).toBe(4);
  expect(gauge(`kintsugi_queue_tasks ${before.identity.queue} leased`)).toBe(1);
});

test('what a former leader wrote of them at the last moment is counted once that is noticed', async () => {
  const bundle = bundleOf(3);
  service.engine.enter(bundle);
  service.writer.save(bundle);
  await settled(service);
  await service.reconciler.round();
  const formers = copyOf(service.stored.get(bundle.id) as never);
  leaseTasks(formers, [0, 1], 'worker-1', service.clock.at);
  await service.chunks.write([service.chunks.mark(formers.takeChange())]);
  leaseTasks(bundle, [2], 'worker-2', service.clock.at);
  service.writer.save(bundle);
  await settled(service);
  await service.reconciler.round();
  expect(gauge(`kintsugi_queue_tasks ${bundle.identity.queue} leased`)).toBe(2);
  expect(gauge(`kintsugi_queue_tasks ${bundle.identity.queue} ready`)).toBe(1);
});

test('a type that nobody asks for and nobody runs is no longer shown', async () => {
  introduce('worker-1', 'send');
  await service.reconciler.round();
  expect(gauge('kintsugi_queue_workers send')).toBe(1);
  service.roster.remove('worker-1');
  await service.reconciler.round();
  expect(gauge('kintsugi_queue_workers send')).toBeUndefined();
});

function introduce(worker_id: string, queue: string): void {
  const inventory = { worker_id, name: worker_id, slots: 4, queues: [queue], draining: false, held: [], running: [] };
  service.roster.introduce(inventory as never, service.clock.at);
}
