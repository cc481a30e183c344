import { setTimeout as delay } from 'node:timers/promises';
import type { Readings } from '../domain/figure-book.js';
import { memoryOf } from '../process/process-figures.js';
import { perSecond, submitBulk } from './bulk.js';
import type { NamedProcess } from '../system/system-under-test.js';
import type { Contender } from './contender.js';

const settleMs = 2_000;

interface Resident {
  servicesMb: number;
  serversMb: number;
}

/** Memory of a fresh system after one job of few tasks, and after one of ten times as many on top. */
export async function measureMemoryGrowth(contender: Contender, [small, large]: [number, number]): Promise<Readings> {
  await submitOneJob(contender, small);
  const afterSmall = await resident(contender, 'rss_100k_mb');
  const perS = await submitOneJob(contender, large);
  const afterLarge = await resident(contender, 'rss_1m_mb');
  return {
    services_rss_100k_mb: afterSmall.servicesMb,
    services_rss_1m_mb: afterLarge.servicesMb,
    servers_rss_100k_mb: afterSmall.serversMb,
    servers_rss_1m_mb: afterLarge.serversMb,
    million_per_s: perS,
  };
}

async function submitOneJob(contender: Contender, count: number): Promise<number> {
  const { submission, recordedAtMs } = await submitBulk(contender, count);
  return perSecond(count, recordedAtMs - submission.startedAtMs);
}

async function resident({ system, byProcess }: Contender, figure: string): Promise<Resident> {
  await delay(settleMs);
  const { services, servers } = system.processes();
  const rssMbOf = (processes: NamedProcess[]): number => memoryOf(processes.map(({ pid }) => pid)).rssMb;
  byProcess.add(figure, Object.fromEntries([...services, ...servers].map((process) => [process.name, rssMbOf([process])])));
  return { servicesMb: rssMbOf(services), serversMb: rssMbOf(servers) };
}
