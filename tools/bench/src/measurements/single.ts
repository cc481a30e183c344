import type { Readings } from '../domain/figure-book.js';
import { perSecond } from './bulk.js';
import type { Contender } from './contender.js';
import { deliver, type Delivered } from './deliver.js';

/** Requests under way at once. */
const window = 1_024;

/** Many jobs of one task each, each a request of its own. */
export async function measureSingles(contender: Contender, count: number): Promise<Readings> {
  const { submission, recordedAtMs, usage } = await submitSingles(contender, count);
  contender.byProcess.add('single_cpu_us', usage.cpuUsByProcess);
  const { startedAtMs, acceptedAtMs } = submission;
  return {
    single_per_s: perSecond(count, recordedAtMs - startedAtMs),
    single_submit_per_s: perSecond(count, acceptedAtMs - startedAtMs),
    single_cpu_us: usage.cpuUs.all,
  };
}

export function submitSingles(contender: Contender, count: number): Promise<Delivered> {
  return deliver(contender, 'noop', count, (producer) => producer.call('singles', { lane: 'noop', count, window }));
}
