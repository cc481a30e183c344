import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Readings } from '../domain/figure-book.js';
import { requireTaken, type FloodAnswers } from '../domain/flood-answers.js';
import { answersOf, requireLives, type LiveTarget } from '../domain/live-samples.js';
import { seenBy, startProber } from '../process/live-prober.js';
import { peakMb } from '../process/process-figures.js';
import type { NamedProcess } from '../system/system-under-test.js';
import type { Contender } from './contender.js';
import { percentilesOf } from './percentiles.js';

/** What a flood of the worst bodies at both doors does to the answers that take no time otherwise, and to the memory of each service. */
export async function measureFlood({ system }: Contender, durationMs: number): Promise<Readings> {
  const { api = '', nats = '' } = system.address as Record<string, string>;
  const sender = new Worker(new URL('../load/flood-sender.js', import.meta.url), { workerData: { api, nats } });
  let prober: ChildProcess | undefined;
  try {
    await once(sender, 'message');
    prober = startProber(targetsOf(system.processes().services));
    const answered = once(sender, 'message') as Promise<[FloodAnswers]>;
    const watch = await seenBy(prober, durationMs, answered);
    sender.postMessage('stop');
    requireLives(watch);
    requireTaken((await answered)[0]);
    const { samples, lateMs } = watch;
    const [gateway, jobService] = [answersOf(samples, 'gateway'), answersOf(samples, 'job-service')];
    const [live, liveOfJobs] = [percentilesOf(gateway.answersMs), percentilesOf(jobService.answersMs)];
    const peak = (service: string): number => peakMb(system.processes().services.find(({ name }) => name === service)?.pid);
    return {
      flood_live_p50_ms: live.p50Ms,
      flood_live_p99_ms: live.p99Ms,
      flood_live_max_ms: live.maxMs,
      flood_live_own_max_ms: gateway.ownMaxMs,
      flood_live_ran_max_ms: gateway.ranMaxMs,
      flood_job_service_p99_ms: liveOfJobs.p99Ms,
      flood_job_service_max_ms: liveOfJobs.maxMs,
      flood_job_service_own_max_ms: jobService.ownMaxMs,
      flood_job_service_ran_max_ms: jobService.ranMaxMs,
      flood_idle_late_max_ms: Math.max(...lateMs),
      flood_gateway_rss_mb: peak('gateway'),
      flood_job_service_rss_mb: peak('job-service'),
      flood_recovery_service_rss_mb: peak('recovery-service'),
      flood_metrics_service_rss_mb: peak('metrics-service'),
    };
  } finally {
    prober?.kill('SIGKILL');
    await sender.terminate();
  }
}

function targetsOf(services: readonly NamedProcess[]): LiveTarget[] {
  return services.flatMap(({ name, pid, opsUrl }) => (opsUrl ? [{ name, pid, url: `${opsUrl}/health/live` }] : []));
}
