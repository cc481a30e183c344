import type { EventInput } from '@kintsugi/contracts';
import { of, verbs } from './failure-words.js';

/** Jobs as a week or a month leaves them, told by events as job-service tells them; what a job is like follows from its number alone. */

export const jobsOfBundle = 256;

const weekMs = 7 * 86_400_000;
/** A job of many tasks shares no bundle. */
const hexDigits = 16;
const ranMs = 30;
/** Of so many jobs one has failed, by types: what is searched for stands in few of them and in many. */
const failedOf = 37;

const types = ['mail.send', 'report.build', 'image.scale', 'invoice.print', 'feed.read'];
/** A type of few bundles. */
const rareType = 'audit.export';
const rareOf = 100;

export interface HistorySampling {
  jobs: number;
  /** Epoch milliseconds; the jobs are of the week before, or of as many milliseconds. */
  now: number;
  spanMs?: number;
  /** Each so-manyth job has so many tasks, and every other one. */
  wide?: WideJobs;
}

interface WideJobs {
  each: number;
  tasks: number;
}

/** Jobs that were accepted in one moment, which one event tells of. */
export interface BundleSample {
  uuid: string;
  first: number;
  count: number;
  at: number;
  wide?: WideJobs | undefined;
}

/** @param uuidAt makes the UUID of a moment */
export function* bundleSamples(sampling: HistorySampling, uuidAt: (at: number) => string): Generator<BundleSample> {
  const { jobs, now, spanMs = weekMs, wide } = sampling;
  for (let first = 0; first < jobs; first += jobsOfBundle) {
    const at = Math.floor(now - spanMs + (first / jobs) * (spanMs - 60_000));
    yield { uuid: uuidAt(at), first, count: Math.min(jobsOfBundle, jobs - first), at, wide };
  }
}

export function creationSample(bundle: BundleSample): EventInput<'job.created'> {
  return { jobs: jobsOf(bundle, () => true).map(({ id, n }) => createdJob(id, n, bundle)) };
}

/** The jobs of a bundle that ended well, and those that failed. */
export function endingSample(bundle: BundleSample, status: 'completed' | 'failed'): EventInput<'job.completed'> {
  const isFailed = status === 'failed';
  return {
    jobs: jobsOf(bundle, (n) => (n % failedOf === 0) === isFailed).map(({ id, n, tasks }) => ({
      job_id: id,
      ...{ status, started_at: timeAt(bundle.at + 5), finished_at: timeAt(bundle.at + ranMs), total_tasks: tasks },
      task_counts: { succeeded: isFailed ? tasks - 1 : tasks, ...(isFailed ? { dead: 1 } : {}) },
      ...{ retries: n % 9 === 0 ? 1 : 0, recovered: 0, first_try: isFailed ? tasks - 1 : tasks },
      error_types: isFailed ? { [`smtp.${of(verbs, n)}`]: 1 } : {},
      ...{ task_ms: { p50_ms: 1.25, p99_ms: 1.25 }, submit_to_done_ms: { p50_ms: 12.5, p99_ms: 12.5 } },
    })),
  };
}

function createdJob(
  id: string,
  n: number,
  { at, wide }: Pick<BundleSample, 'at' | 'wide'>,
): EventInput<'job.created'>['jobs'][number] {
  return {
    ...{ job_id: id, type: typeOf(Math.floor(n / jobsOfBundle)), product_id: `product-${n % 20}` },
    ...{ sending_group_id: `group-${(n * 7_919) % 5_000}`, user_id: `user-${n % 300}`, priority: 5 },
    ...{ max_parallel_tasks: null, retry_config: null, resource_limits: null, safety: 'idempotent' as const },
    ...{ labels: { customer: `customer-${n % 1_000}` }, total_tasks: tasksOf(n, wide), created_at: timeAt(at) },
  };
}

/** All of a bundle have one. */
function typeOf(bundle: number): string {
  return bundle % rareOf === 0 ? rareType : of(types, bundle);
}

function jobsOf(
  { uuid, first, count, wide }: BundleSample,
  isMeant: (n: number) => boolean,
): { id: string; n: number; tasks: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const tasks = tasksOf(first + index, wide);
    // The last of five parts counts them, so that one has no other's.
    const own = `${uuid.slice(0, uuid.lastIndexOf('-'))}-${index.toString(hexDigits).padStart(4, '0')}${uuid.slice(-8)}`;
    return { id: tasks > 1 ? `job_${own}` : `job_${uuid}.${index}`, n: first + index, tasks };
  }).filter(({ n }) => isMeant(n));
}

function tasksOf(n: number, wide: WideJobs | undefined): number {
  return wide && n % wide.each === 0 ? wide.tasks : 1;
}

function timeAt(at: number): string {
  return new Date(at).toISOString();
}
