import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type Client } from '@kintsugi/client';
import type { BenchPlan } from '../../bench-plan.js';
import type { Readings } from '../../domain/figure-book.js';
import type { HistorySampling } from '../../domain/history-samples.js';
import { medianOf } from '../../domain/statistics.js';
import { fillHistory } from '../../load/history-filler.js';
import { memoryOf } from '../../process/process-figures.js';
import type { Contender } from '../contender.js';
import { percentilesOf, type Percentiles } from '../percentiles.js';
import { layDownHistory } from './laid-history.js';
import { measureStreams } from './streams.js';
import { timed } from '../timed.js';

type Filters = NonNullable<NonNullable<Parameters<Client['fetchJobHistory']>[0]>['filters']>;

const service = 'metrics-service';
const monthMs = 30 * 86_400_000;
const settleMs = 2_000;
const timeoutMs = 120_000;
const pageSize = 50;
const sums = 5;
/** From which on the memory is to be flat. */
const rssJobs = 10_000;
/** How much longer the whole history is than the one that it is compared with. */
const longer = 10;
/** Ten tasks a job on average. */
const wide = { each: 10, tasks: 91 };
const groups = 5_000;
const users = 300;
const customers = 1_000;
const types = ['mail.send', 'audit.export', 'image.scale'];

interface Asked {
  job: Percentiles;
  pages: Record<string, Percentiles>;
  /** Of filters that find as many jobs in a history of any length. */
  likePages: Record<string, Percentiles>;
  sumsMs: number;
}

/** A history of very many jobs, asked over HTTP as people and their tools ask, beside one of a tenth of them. */
export async function measureHistory(contender: Contender, plan: BenchPlan, signal: AbortSignal): Promise<Readings> {
  const { api, mongo, nats } = contender.system.address;
  const client = createClient({ baseUrl: String(api), timeoutMs });
  const now = Date.now();
  let told = 0;
  const fillTo = async (jobs: number): Promise<void> => {
    await fillHistory(String(nats), { jobs: jobs - told, now, spanMs: monthMs, wide } satisfies HistorySampling, signal);
    told = jobs;
    await delay(settleMs);
  };
  const askOf = async (jobs: number) => {
    await fillTo(jobs);
    const rssMb = rssOf(contender);
    const sumsFirstMs = await sumsTime(client, now, jobs);
    await layDownHistory(String(mongo), contender.system, signal);
    return { rssMb, sumsFirstMs, ...(await ask(client, plan, now, jobs)) };
  };
  await fillTo(rssJobs);
  const rssFewMb = rssOf(contender);
  const few = await askOf(Math.round(plan.historyJobs / longer));
  const many = await askOf(plan.historyJobs);
  return {
    history_job_p99_ms: many.job.p99Ms,
    history_job_p50_ms: many.job.p50Ms,
    history_page_p99_ms: Math.max(...Object.values(many.pages).map(({ p99Ms }) => p99Ms)),
    ...Object.fromEntries(Object.entries(many.pages).map(([name, { p99Ms }]) => [`history_by_${name}_p99_ms`, p99Ms])),
    history_sums_ms: many.sumsMs,
    history_sums_first_ms: many.sumsFirstMs,
    history_growth: growthOf(few, many),
    history_rss_growth: many.rssMb / rssFewMb,
    history_streams_p99_ms: (await measureStreams(client, signal)).p99Ms,
  };
}

async function ask(client: Client, { searches: count, historyJobs }: BenchPlan, now: number, jobs: number): Promise<Asked> {
  const within = (n: number, share: number): Filters => {
    const start = now - monthMs + ((n * 0.618_033_988_749_895) % 1) * (1 - share) * monthMs;
    return { date_range: { start: new Date(start).toISOString(), end: new Date(start + share * monthMs).toISOString() } };
  };
  const times = (n: number): Filters => within(n, 1 / 100);
  const filters: Record<string, (n: number) => Filters> = {
    status: (n) => ({ status: [n % 2 === 0 ? 'failed' : 'completed'] }),
    type: (n) => ({ type: types[n % types.length] ?? '' }),
    user: (n) => ({ user_id: `user-${(n * 7) % users}` }),
    group: (n) => ({ sending_group_id: `group-${(n * 13) % groups}` }),
    label: (n) => ({ label: `customer=customer-${(n * 11) % customers}` }),
    time: times,
  };
  // A tenth of the time has as many jobs in a history of ten times as many.
  const share = historyJobs / longer / jobs;
  const pages: Asked['pages'] = {};
  const likePages: Asked['likePages'] = {};
  for (const [name, filterOf] of Object.entries(filters)) {
    pages[name] = percentilesOf(await pageTimes(client, count, filterOf));
    const likeOf = (n: number): Filters => ({ ...filterOf(n), ...within(n, name === 'time' ? share / 10 : share) });
    likePages[name] = percentilesOf(await pageTimes(client, count, likeOf));
  }
  const ids: string[] = [];
  for (let n = 0; ids.length < count; n += 1) {
    const { items: some } = await client.fetchJobHistory({ filters: times(n), pagination: { per_page: pageSize } });
    ids.push(...some.filter((_, at) => at % 10 === 0).map(({ id }) => id));
  }
  const jobTimes: number[] = [];
  for (const id of ids.slice(0, count)) jobTimes.push(await timed(() => client.getJobInfo(id)));
  const sumsMs: number[] = [];
  while (sumsMs.length < sums) sumsMs.push(await sumsTime(client, now, jobs));
  return { job: percentilesOf(jobTimes), pages, likePages, sumsMs: medianOf(sumsMs) };
}

async function pageTimes(client: Client, count: number, filterOf: (n: number) => Filters): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    times.push(await timed(() => client.fetchJobHistory({ filters: filterOf(n), pagination: { per_page: pageSize } })));
  }
  return times;
}

async function sumsTime(client: Client, now: number, jobs: number): Promise<number> {
  const date_range = { start: new Date(now - monthMs - 1).toISOString(), end: new Date(now).toISOString() };
  return timed(async () => {
    const { aggregations } = await client.fetchJobHistory({
      ...{ filters: { date_range }, pagination: { per_page: 1 } },
      aggregations: { success_rate: true, avg_duration: true, error_rate: true },
    });
    const counted = aggregations?.counted.jobs;
    if (counted !== jobs) throw new Error(`The sums are of ${counted} jobs, and not of ${jobs}.`);
  });
}

function growthOf(few: Asked, many: Asked): number {
  const pages = Object.entries(many.likePages).map(([name, { p50Ms }]) => p50Ms / (few.likePages[name]?.p50Ms ?? NaN));
  return Math.max(many.job.p50Ms / few.job.p50Ms, ...pages);
}

function rssOf({ system }: Contender): number {
  const pids = system.processes().services.filter(({ name }) => name === service);
  return memoryOf(pids.map(({ pid }) => pid)).rssMb;
}
