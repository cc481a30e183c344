import type { Readings } from '../domain/figure-book.js';
import type { HttpSubmission } from '../load/http-load.js';
import { perSecond } from './bulk.js';
import type { Contender } from './contender.js';
import { deliver } from './deliver.js';
import { percentilesOf } from './percentiles.js';

/** Many jobs of one task each through the HTTP door, each a request of its own, over few connections and over many. */
export async function measureHttp(contender: Contender, count: number): Promise<Readings> {
  const few = await submitSinglesByHttp(contender, count, 64);
  const many = await submitSinglesByHttp(contender, count, 256);
  return {
    http_64_per_s: few.perS,
    http_64_p50_ms: few.p50Ms,
    http_64_p99_ms: few.p99Ms,
    http_256_per_s: many.perS,
    http_256_p50_ms: many.p50Ms,
    http_256_p99_ms: many.p99Ms,
  };
}

async function submitSinglesByHttp(
  contender: Contender,
  count: number,
  connections: number,
): Promise<{ perS: number; p50Ms: number; p99Ms: number }> {
  let latenciesMs: number[] = [];
  const { submission } = await deliver(contender, 'noop', count, async (producer) => {
    const submitted: HttpSubmission = await producer.call('http', { lane: 'noop', count, connections });
    latenciesMs = submitted.latenciesMs;
    return submitted;
  });
  const { p50Ms, p99Ms } = percentilesOf(latenciesMs);
  return { perS: perSecond(count, submission.acceptedAtMs - submission.startedAtMs), p50Ms, p99Ms };
}
