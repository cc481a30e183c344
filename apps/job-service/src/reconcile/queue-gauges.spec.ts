import { beforeEach, expect, test } from '@jest/globals';
import { bundleOf } from '../tasks/domain/chunk-sample.js';
import { serviceInMemory } from './service-in-memory.js';

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
