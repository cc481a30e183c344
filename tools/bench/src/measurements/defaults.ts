import type { Readings } from '../domain/figure-book.js';
import { LoadProcess } from '../process/load-process.js';
import { perSecond } from './bulk.js';
import { workerConcurrency, type Contender } from './contender.js';
import { deliver } from './deliver.js';

/** Bulk again with a worker that nobody tuned: for the record, not for a ratio. */
export async function measureDefaults(contender: Contender, count: number): Promise<Readings> {
  const { system } = contender;
  await contender.worker.stop();
  const worker = await LoadProcess.startWorker({
    system: system.name,
    address: system.address,
    lanes: ['noop'],
    profile: 'default',
    concurrency: workerConcurrency,
    holds: false,
  });
  try {
    const { submission, recordedAtMs } = await deliver({ ...contender, worker }, 'noop', count, (producer) =>
      producer.call('bulk', { lane: 'noop', count }),
    );
    return { default_bulk_per_s: perSecond(count, recordedAtMs - submission.startedAtMs) };
  } finally {
    await worker.stop();
  }
}
