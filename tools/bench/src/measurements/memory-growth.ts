import { setTimeout as delay } from 'node:timers/promises';
import type { Readings } from '../domain/figure-book.js';
import { memoryOf } from '../process/process-figures.js';
import { perSecond } from './bulk.js';
import type { Contender } from './contender.js';
import { deliver } from './deliver.js';

const settleMs = 2_000;

/** Memory of a fresh system after one job of few tasks, and after one of ten times as many on top. */
export async function measureMemoryGrowth(contender: Contender, [small, large]: [number, number]): Promise<Readings> {
  await submitOneJob(contender, small);
  const [servicesSmall, serversSmall] = await residentMb(contender);
  const rate = await submitOneJob(contender, large);
  const [servicesLarge, serversLarge] = await residentMb(contender);
  return {
    services_rss_100k_mb: servicesSmall,
    services_rss_1m_mb: servicesLarge,
    servers_rss_100k_mb: serversSmall,
    servers_rss_1m_mb: serversLarge,
    million_per_s: rate,
  };
}

async function submitOneJob(contender: Contender, count: number): Promise<number> {
  const { submission, recordedAtMs } = await deliver(contender, 'noop', count, (producer) =>
    producer.call('bulk', { lane: 'noop', count }),
  );
  return perSecond(count, recordedAtMs - submission.startedAtMs);
}

async function residentMb({ system }: Contender): Promise<[services: number, servers: number]> {
  await delay(settleMs);
  const { services, servers } = system.processes();
  return [memoryOf(services).rssMb, memoryOf(servers).rssMb];
}
