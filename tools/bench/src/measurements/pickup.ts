import type { Readings } from '../domain/figure-book.js';
import type { Contender } from './contender.js';
import { deliver } from './deliver.js';
import { percentilesOf } from './percentiles.js';

/** From the submission of one task to the start of its handler while nothing else is to do. */
export async function measurePickup(contender: Contender, count: number): Promise<Readings> {
  const { worker } = await deliver(contender, 'noop', count, (producer) =>
    producer.call('probes', { lane: 'noop', count, pauseMsMin: 4, pauseMsMax: 10 }),
  );
  const { p50Ms, p99Ms } = percentilesOf(worker.latenciesMs);
  return { pickup_p50_ms: p50Ms, pickup_p99_ms: p99Ms };
}
