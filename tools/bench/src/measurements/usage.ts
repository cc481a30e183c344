import { cpuMsOf, memoryOf } from '../process/process-figures.js';
import type { Contender } from './contender.js';

interface UsageReading {
  cpuMs: { servers: number; services: number; worker: number; producer: number };
  /** Of servers, services and worker: what has to be there for tasks to run. */
  memoryMb: number;
}

/** What a run took of the machine. */
export interface Usage {
  /** Microseconds of CPU a task. */
  cpuUs: { servers: number; services: number; worker: number; producer: number; all: number };
  memoryMb: number;
}

export function readUsage({ system, producer, worker }: Contender): UsageReading {
  const { servers, services } = system.processes();
  return {
    cpuMs: {
      servers: cpuMsOf(servers),
      services: cpuMsOf(services),
      worker: cpuMsOf([worker.pid]),
      producer: cpuMsOf([producer.pid]),
    },
    memoryMb: memoryOf([...servers, ...services, worker.pid]).pssMb,
  };
}

export function usageBetween(before: UsageReading, after: UsageReading, tasks: number): Usage {
  const of = (part: keyof UsageReading['cpuMs']): number => ((after.cpuMs[part] - before.cpuMs[part]) * 1_000) / tasks;
  const parts = { servers: of('servers'), services: of('services'), worker: of('worker'), producer: of('producer') };
  const all = Object.values(parts).reduce((sum, us) => sum + us, 0);
  return { cpuUs: { ...parts, all }, memoryMb: after.memoryMb };
}
