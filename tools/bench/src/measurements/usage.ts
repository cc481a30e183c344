import { cpuMsOf, memoryOf } from '../process/process-figures.js';
import type { NamedProcess } from '../system/system-under-test.js';
import type { Contender } from './contender.js';

type Part = 'servers' | 'services' | 'worker' | 'producer';

interface UsageReading {
  parts: Record<Part, NamedProcess[]>;
  cpuMs: Map<string, number>;
}

/** What a run took of the machine, in microseconds of CPU a task and in memory. */
export interface Usage {
  cpuUs: Record<Part | 'all', number>;
  cpuUsByProcess: Record<string, number>;
  /** Of servers, services and worker: what has to be there for tasks to run. */
  memoryMb: number;
}

export function readUsage({ system, producer, worker }: Contender): UsageReading {
  const parts = {
    ...system.processes(),
    worker: [{ name: 'worker', pid: worker.pid }],
    producer: [{ name: 'producer', pid: producer.pid }],
  };
  const processes = Object.values(parts).flat();
  return { parts, cpuMs: new Map(processes.map(({ name, pid }) => [name, cpuMsOf([pid])])) };
}

export function usageBetween(before: UsageReading, after: UsageReading, tasks: number): Usage {
  const usOf = (name: string): number => (((after.cpuMs.get(name) ?? 0) - (before.cpuMs.get(name) ?? 0)) * 1_000) / tasks;
  const of = (part: Part): number => after.parts[part].reduce((sum, { name }) => sum + usOf(name), 0);
  const cpuUs = { servers: of('servers'), services: of('services'), worker: of('worker'), producer: of('producer') };
  const { servers, services, worker } = after.parts;
  return {
    cpuUs: { ...cpuUs, all: Object.values(cpuUs).reduce((sum, us) => sum + us, 0) },
    cpuUsByProcess: Object.fromEntries([...after.cpuMs.keys()].map((name) => [name, usOf(name)])),
    memoryMb: memoryOf([...servers, ...services, ...worker].map(({ pid }) => pid)).pssMb,
  };
}
