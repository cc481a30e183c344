import type { BatchJob } from '@kintsugi/contracts';
import { shownDuration } from '../../display/domain/durations.js';
import type { TextKey, Values } from '../../texts/fill.js';

/** A word as the job has it, or a text in the language of the reader. */
type Part = string | { key: TextKey; values?: Values };

interface AwaitedJob {
  id: string;
  /** It may end however it likes. */
  endsAnyhow: boolean;
  /** The job still waits for it. */
  isAwaited: boolean;
}

export type OrderFact = { name: TextKey } & ({ parts: readonly Part[] } | { at: string } | { job: string });

const shownJobs = 20;

/** What was asked of a job beyond its names: where it comes from, when it may run, and what bounds it. Only what was said. */
export function orderFactsOf(job: BatchJob): OrderFact[] {
  const facts: OrderFact[] = [];
  if (job.parent_job_id) facts.push({ name: 'fact.parent', job: job.parent_job_id });
  // Lists and the history know how many they are, and not which.
  if (job.awaited_jobs && !job.depends_on?.length) {
    facts.push({ name: 'fact.awaited', parts: [job.awaited_jobs.toLocaleString()] });
  }
  if (job.run_at) facts.push({ name: 'fact.runAt', at: job.run_at });
  if (job.deadline_at) facts.push({ name: 'fact.deadline', at: job.deadline_at });
  return [...facts, ...boundsOf(job), ...uniqueOf(job), ...retriesOf(job)];
}

function boundsOf({
  max_parallel_tasks: parallel,
  concurrency,
  rate_limit: rate,
  resource_limits: resources,
  timeout_s,
}: BatchJob) {
  const facts: OrderFact[] = [];
  if (parallel) facts.push({ name: 'fact.parallel', parts: [parallel.toLocaleString()] });
  if (concurrency) {
    const limit: Part = { key: 'fact.concurrency.limit', values: { count: concurrency.limit.toLocaleString() } };
    facts.push({ name: 'fact.concurrency', parts: [concurrency.key, limit] });
  }
  if (rate) {
    const parts: Part[] = [rate.key, { key: 'fact.rate.perSecond', values: { count: rate.per_second.toLocaleString() } }];
    if (rate.burst) parts.push({ key: 'fact.rate.burst', values: { count: rate.burst.toLocaleString() } });
    facts.push({ name: 'fact.rate', parts });
  }
  if (resources) {
    const cores: Part = { key: 'fact.resources.cores', values: { count: resources.max_cpu.toLocaleString() } };
    facts.push({ name: 'fact.resources', parts: [`${resources.max_memory.toLocaleString()} MiB`, cores] });
  }
  if (timeout_s) facts.push({ name: 'fact.timeout', parts: [shownDuration(timeout_s * 1_000)] });
  return facts;
}

function uniqueOf({ unique }: BatchJob): OrderFact[] {
  if (!unique) return [];
  const states = unique.while.map((state): Part => ({ key: `state.${state}` }));
  return [
    { name: 'fact.unique', parts: [unique.key] },
    { name: 'fact.unique.while', parts: states },
  ];
}

function retriesOf({ retry_config: retry }: BatchJob): OrderFact[] {
  if (!retry) return [];
  const parts: Part[] = [
    { key: 'fact.retry.runs', values: { count: retry.max_attempts.toLocaleString() } },
    { key: 'fact.retry.wait', values: { duration: shownDuration(retry.retry_interval * 1_000) } },
  ];
  if (retry.retry_on_errors.length > 0) {
    parts.push({ key: 'fact.retry.only', values: { types: retry.retry_on_errors.join(', ') } });
  }
  return [{ name: 'fact.retry', parts }];
}

/** The jobs that go before a job, those first that it still waits for, and how many more there are. */
export function awaitedOf({ depends_on = [], waits_for = [] }: Pick<BatchJob, 'depends_on' | 'waits_for'>): {
  jobs: AwaitedJob[];
  others: number;
} {
  const awaited = new Set(waits_for);
  const jobs = depends_on
    .map(({ job_id: id, on }): AwaitedJob => ({ id, endsAnyhow: on === 'finished', isAwaited: awaited.has(id) }))
    .sort((one, other) => Number(other.isAwaited) - Number(one.isAwaited));
  return { jobs: jobs.slice(0, shownJobs), others: Math.max(0, jobs.length - shownJobs) };
}
