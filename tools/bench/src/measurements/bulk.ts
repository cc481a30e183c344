import type { Readings } from '../domain/figure-book.js';
import type { Contender } from './contender.js';
import { deliver, type Delivered } from './deliver.js';

/** Many tasks at once, with the worker up while they are submitted. */
export async function measureBulk(contender: Contender, count: number): Promise<Readings> {
  const { submission, worker, recordedAtMs, usage } = await submitBulk(contender, count);
  contender.byProcess.add('bulk_cpu_us', usage.cpuUsByProcess);
  const { startedAtMs, acceptedAtMs } = submission;
  return {
    bulk_per_s: perSecond(count, recordedAtMs - startedAtMs),
    bulk_submit_per_s: perSecond(count, acceptedAtMs - startedAtMs),
    bulk_process_per_s: perSecond(count, recordedAtMs - worker.firstStartMs),
    bulk_cpu_us: usage.cpuUs.all,
    bulk_cpu_servers_us: usage.cpuUs.servers,
    bulk_cpu_services_us: usage.cpuUs.services,
    bulk_cpu_worker_us: usage.cpuUs.worker,
    bulk_cpu_producer_us: usage.cpuUs.producer,
    bulk_memory_mb: usage.memoryMb,
  };
}

export function submitBulk(contender: Contender, count: number): Promise<Delivered> {
  return deliver(contender, 'noop', count, (producer) => producer.call('bulk', { lane: 'noop', count }));
}

export function perSecond(count: number, milliseconds: number): number {
  return (count / milliseconds) * 1_000;
}
