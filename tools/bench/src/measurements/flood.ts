import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { spawnLeashed } from '@kintsugi/servers';
import { answersOf, type LiveTarget, type LiveWatch } from '../domain/live-samples.js';
import type { Readings } from '../domain/figure-book.js';
import type { FloodAnswers } from '../load/flood-sender.js';
import { peakMb } from '../process/process-figures.js';
import type { NamedProcess } from '../system/system-under-test.js';
import type { Contender } from './contender.js';
import { percentilesOf } from './percentiles.js';

const everyMs = 50;

/** What a flood of the worst bodies at both doors does to the answers that take no time otherwise, and to the memory of each service. */
export async function measureFlood({ system }: Contender, durationMs: number): Promise<Readings> {
  const { api = '', nats = '' } = system.address as Record<string, string>;
  const sender = new Worker(new URL('../load/flood-sender.js', import.meta.url), { workerData: { api, nats } });
  let prober: ChildProcess | undefined;
  try {
    await once(sender, 'message');
    prober = startProber(targetsOf(system.processes().services));
    await delay(durationMs);
    const { samples, lateMs } = await watched(prober);
    const answered = once(sender, 'message') as Promise<[FloodAnswers]>;
    sender.postMessage('stop');
    requireAnswers((await answered)[0]);
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

function startProber(targets: LiveTarget[]): ChildProcess {
  const program = fileURLToPath(new URL('../process/live-prober-main.js', import.meta.url));
  const settings = JSON.stringify({ targets, everyMs });
  return spawnLeashed(process.execPath, [program, settings], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** What the prober has seen; one answer that failed ends it. */
async function watched(prober: ChildProcess): Promise<LiveWatch> {
  const ended = once(prober, 'exit').then(([code]) => {
    throw new Error(`A service did not answer /health/live, so that the prober ended with ${code}.`);
  });
  const seen = once(prober, 'message') as Promise<[LiveWatch]>;
  prober.send('stop', () => undefined);
  return (await Promise.race([seen, ended]))[0];
}

/** A flood that was not taken in says nothing. */
function requireAnswers({ http, nats }: FloodAnswers): void {
  if (http === 0 || nats === 0) throw new Error(`Of the flood, ${http} bodies were answered over HTTP and ${nats} over NATS.`);
}
