import type { RateLimit } from '@kintsugi/contracts';
import type { JobRecord } from './job.js';

type Limited = Pick<JobRecord, 'tenant' | 'concurrency' | 'rate_limit'>;

/** The key under which the tasks of a job are counted with those of others of its tenant. */
export function concurrencyKeyOf({ tenant, concurrency }: Limited): string | null {
  return concurrency ? `concurrency\t${tenant}\t${concurrency.key}` : null;
}

/** The key under which they begin at a rate. */
export function rateKeyOf({ tenant, rate_limit: rate }: Limited): string | null {
  return rate ? `rate\t${tenant}\t${rate.key}` : null;
}

export function limitKeysOf(job: Limited): string[] {
  return [concurrencyKeyOf(job), rateKeyOf(job)].filter((key) => key !== null);
}

/** Runs that may begin at once after a rest. */
export function burstOf({ per_second: perSecond, burst }: RateLimit): number {
  return burst ?? Math.max(1, Math.ceil(perSecond));
}
