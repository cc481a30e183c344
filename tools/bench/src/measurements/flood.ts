import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { Bus, callAction } from '@kintsugi/messaging';
import type { Readings } from '../domain/figure-book.js';
import { peakMb } from '../process/process-figures.js';
import type { Contender } from './contender.js';
import { percentilesOf } from './percentiles.js';

const probePauseMs = 5;

/** What a flood of the worst bodies at both doors does to the answers that take no time otherwise, and to the gateway's memory. */
export async function measureFlood({ system }: Contender, durationMs: number): Promise<Readings> {
  const { api = '', nats = '' } = system.address as Record<string, string>;
  const asking = await Bus.connect({ servers: nats, name: 'bench-asking' });
  const sender = new Worker(new URL('../load/flood-sender.js', import.meta.url), { workerData: { api, nats } });
  const prober = new Worker(new URL('../load/live-prober.js', import.meta.url), {
    workerData: { url: `${api}/health/live`, pauseMs: probePauseMs },
  });
  const ended = new AbortController();
  try {
    const jobTimes = askJobService(asking, ended.signal);
    await delay(durationMs);
    const answered = once(prober, 'message') as Promise<[number[]]>;
    prober.postMessage('stop');
    const live = percentilesOf((await answered)[0]);
    ended.abort();
    const stopped = once(sender, 'exit');
    sender.postMessage('stop');
    await stopped;
    return {
      flood_live_p99_ms: live.p99Ms,
      flood_live_max_ms: live.maxMs,
      flood_job_service_max_ms: Math.max(...(await jobTimes)),
      flood_gateway_rss_mb: peakMb(system.processes().services.find(({ name }) => name === 'gateway')?.pid),
    };
  } finally {
    ended.abort();
    await Promise.all([prober.terminate(), sender.terminate(), asking.close()]);
  }
}

/** How long job-service takes to refuse a job that has nothing in it. */
async function askJobService(bus: Bus, ended: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!ended.aborted) {
    const startedAt = performance.now();
    await callAction(bus, 'createJob', {} as never).catch(() => undefined);
    times.push(performance.now() - startedAt);
    await delay(probePauseMs);
  }
  return times;
}
