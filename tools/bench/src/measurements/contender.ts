import { ProcessBook } from '../domain/process-book.js';
import { LoadProcess } from '../process/load-process.js';
import type { ProducerCalls, WorkerCalls } from '../process/load-messages.js';
import type { SystemUnderTest } from '../system/system-under-test.js';

/** Tasks that a worker runs at once, in every system. */
export const workerConcurrency = 100;

/** A running system with a producer and a worker, each a process of its own. */
export interface Contender {
  system: SystemUnderTest;
  producer: LoadProcess<ProducerCalls>;
  worker: LoadProcess<WorkerCalls>;
  ledger: RunLedger;
  byProcess: ProcessBook;
}

/** Counts over all runs of a system. */
export interface RunLedger {
  exactRuns: number;
  /** Runs of handlers beyond the first of a task. */
  repeatedRuns: number;
}

export async function startContender(system: SystemUnderTest, folder: string): Promise<Contender> {
  try {
    await system.start(folder);
    return await withLoad(system);
  } catch (error) {
    await system.stop();
    throw error;
  }
}

async function withLoad(system: SystemUnderTest): Promise<Contender> {
  const load = {
    system: system.name,
    address: system.address,
    lanes: ['noop' as const],
    profile: 'tuned' as const,
    concurrency: workerConcurrency,
    holds: false,
  };
  const producer = await LoadProcess.startProducer(load);
  try {
    const worker = await LoadProcess.startWorker(load);
    return { system, producer, worker, ledger: { exactRuns: 0, repeatedRuns: 0 }, byProcess: new ProcessBook() };
  } catch (error) {
    await producer.stop();
    throw error;
  }
}

export async function stopContender({ system, producer, worker }: Contender): Promise<void> {
  await Promise.all([producer.stop(), worker.stop()]);
  await system.stop();
}
