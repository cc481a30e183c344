import { availableParallelism, freemem, hostname, loadavg, totalmem } from 'node:os';
import { Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { historyTotalMax, jobStatuses, type JobStatus, type PlatformHealth } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Backend } from '../../nats/backend.js';
import { fleetHealth, type ProcessHealth } from '../domain/fleet-health.js';
import { lagIn } from '../domain/fleet-lag.js';
import { valuesIn, type ProcessFigures } from '../domain/metric-family.js';
import { overallHealth, type JobCounts } from '../domain/overall-health.js';
import { poolsIn } from '../domain/pool-slots.js';
import { ProcessUsages, valueOf, type ProcessUsage } from '../domain/process-usage.js';
import { RecentAnswers } from '../domain/recent-answers.js';
import { FleetRollCall } from '../nats/fleet-roll-call.js';

const unused: ProcessUsage = { cpu_percent: null, memory_mib: null };
const countTimeoutMs = 1_000;
/** Shorter than a page waits before it asks again, which so never shows the same count twice. */
const countsKeptMs = 2_000;
const hourMs = 3_600_000;
/** Completed jobs are the bulk of all history, and are told of one hour only. */
const countedStatuses = jobStatuses.filter((status) => status !== 'completed' && status !== 'deleting');

/** How the platform is, with what it is busy with and what is not as it should be. */
@Injectable()
export class DescribeHealth {
  private readonly usages = new ProcessUsages();
  /** By tenant. */
  private readonly counts = new RecentAnswers<string | null, JobCounts | null>(countsKeptMs, () => performance.now());

  constructor(
    private readonly rollCall: FleetRollCall,
    private readonly backend: Backend,
  ) {}

  async execute(origin: Origin): Promise<PlatformHealth> {
    const [processes, figures, jobs] = await Promise.all([
      this.rollCall.health(true),
      this.rollCall.metrics(),
      inTime(this.jobsOf(origin)),
    ]);
    const health = fleetHealth(this.rollCall.natsUp, processes);
    const [workers, pools] = [workersIn(figures), poolsIn(figures)];
    const facts = { ...health, processes, jobs, workers, pools, freeMemoryShare: freemem() / totalmem() };
    const nowMs = Date.now();
    const ownOf = ({ service, instance }: ProcessHealth): ProcessFigures | undefined =>
      figures.find((one) => one.service === service && one.instance === instance);
    const seesSettings = origin.actor.role === 'admin' && origin.actor.tenant === null;
    return {
      ...overallHealth(facts),
      ...health,
      processes: processes.map((process) => {
        const own = ownOf(process);
        const usage = own ? this.usages.of(own, nowMs) : unused;
        const settings = (seesSettings ? own?.settings : null) ?? null;
        return { ...process, ...usage, version: own?.version ?? null, settings };
      }),
      jobs,
      workers,
      logs: logsIn(figures),
      pools,
      lag: lagIn(figures),
      host: host(),
    };
  }

  /** Counting goes on where it is no longer waited for: whoever asks meanwhile or soon after gets what it comes to. */
  private jobsOf(origin: Origin): Promise<JobCounts | null> {
    return this.counts.of(origin.actor.tenant, () => this.countJobs(origin));
  }

  private async countJobs(origin: Origin): Promise<JobCounts | null> {
    const now = Date.now();
    const lastHour = { start: new Date(now - hourMs).toISOString(), end: new Date(now + hourMs).toISOString() };
    const counted = await Promise.all([
      this.count(origin, 'completed', lastHour),
      this.count(origin, 'failed', lastHour),
      ...countedStatuses.map((status) => this.count(origin, status)),
    ]);
    const [completed = 0, failed = 0, ...counts] = counted.filter((count) => count !== null);
    if (counts.length < countedStatuses.length) return null;
    return {
      by_status: Object.fromEntries(countedStatuses.map((status, index) => [status, counts[index] ?? 0])),
      failed_last_hour: failed,
      completed_last_hour: completed,
      counted_to: historyTotalMax,
    };
  }

  /** Null where counting took too long: some of very many would be told as all of them. */
  private async count(origin: Origin, status: JobStatus, range?: { start: string; end: string }): Promise<number | null> {
    const filters = { status: [status], ...(range ? { date_range: range } : {}) };
    const { pagination } = await this.backend.ask('fetchJobHistory', { filters, pagination: { per_page: 1 } }, origin);
    const { total, total_is_capped: isCapped } = pagination;
    return isCapped && (total ?? 0) < historyTotalMax ? null : (total ?? 0);
  }
}

/** What is not there in time is told as not known: whoever asks for health wants an answer most when something is slow. */
function inTime<Value>(value: Promise<Value>): Promise<Value | null> {
  return new Promise((resolve) => {
    const timer = after('health.counts', countTimeoutMs, () => resolve(null));
    value
      .then(resolve, () => resolve(null))
      .finally(() => clearTimeout(timer))
      .catch(() => undefined);
  });
}

/** Of the job-service that leads; the others have none to tell of. */
function workersIn(figures: readonly ProcessFigures[]): number | null {
  const told = figures.filter(({ service }) => service === 'job-service');
  const values = valuesIn(told, 'kintsugi_workers').map(({ value }) => value ?? 0);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** Of the metrics-service that looks after logs; null while nobody says. */
function logsIn(figures: readonly ProcessFigures[]): PlatformHealth['logs'] {
  const told = figures.filter(({ service }) => service === 'metrics-service');
  const sumOf = (name: string): number => told.reduce((sum, own) => sum + (valueOf(own, name) ?? 0), 0);
  if (told.every((own) => valueOf(own, 'kintsugi_log_stored_bytes') === null)) return null;
  return {
    kept: sumOf('kintsugi_logs_kept'),
    stored_mib: Math.round((sumOf('kintsugi_log_stored_bytes') / 1024 ** 2) * 10) / 10,
  };
}

function host(): PlatformHealth['host'] {
  const mib = (bytes: number): number => Math.round(bytes / 1024 ** 2);
  return {
    name: hostname(),
    cores: availableParallelism(),
    load_1m: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    memory_mib: mib(totalmem()),
    free_memory_mib: mib(freemem()),
  };
}
