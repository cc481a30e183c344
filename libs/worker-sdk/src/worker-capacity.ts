import { availableParallelism, totalmem } from 'node:os';

/** What a worker may use, which it tells to whoever gives it work. */
export interface WorkerCapacity {
  memory_mib: number;
  cpu_cores: number;
}

const mib = 1024 ** 2;

/** What the control group of this process lets it use, or else what the machine has. */
export function ownCapacity(): WorkerCapacity {
  const bound = process.constrainedMemory();
  const memory = bound > 0 ? Math.min(bound, totalmem()) : totalmem();
  return { memory_mib: Math.max(1, Math.floor(memory / mib)), cpu_cores: availableParallelism() };
}
