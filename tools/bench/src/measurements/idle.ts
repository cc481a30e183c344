import { setTimeout as delay } from 'node:timers/promises';
import type { Readings } from '../domain/figure-book.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import { cpuMsOf, memoryOf } from '../process/process-figures.js';
import type { Contender } from './contender.js';

/** What a system costs while there is nothing to do. */
export async function measureIdle({ system, worker }: Contender, durationMs: number): Promise<Readings> {
  const { servers, services } = system.processes();
  const pids = [...servers.map(({ pid }) => pid), ...services.map(({ pid }) => pid), worker.pid];
  const [startedAtMs, cpuMs] = [monotonicMs(), cpuMsOf(pids)];
  await delay(durationMs);
  const share = (cpuMsOf(pids) - cpuMs) / (monotonicMs() - startedAtMs);
  return { idle_cpu_percent: share * 100, idle_memory_mb: memoryOf(pids).pssMb };
}
