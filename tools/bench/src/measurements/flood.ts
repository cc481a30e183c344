import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { subjects } from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
import type { Readings } from '../domain/figure-book.js';
import { floodBodies } from '../load/flood-bodies.js';
import type { Contender } from './contender.js';
import { percentilesOf } from './percentiles.js';

/** Senders at once at each door, each with one body under way. */
const senders = 8;
const probePauseMs = 5;

/** What a flood of the worst bodies at both doors does to the answers that take no time otherwise, and to the gateway's memory. */
export async function measureFlood({ system }: Contender, durationMs: number): Promise<Readings> {
  const { api = '', nats = '' } = system.address as Record<string, string>;
  const bus = await Bus.connect({ servers: nats, name: 'bench-flood' });
  // What is asked must not wait behind what this process itself still has to send.
  const asking = await Bus.connect({ servers: nats, name: 'bench-asking' });
  const prober = new Worker(new URL('../load/live-prober.js', import.meta.url), {
    workerData: { url: `${api}/health/live`, pauseMs: probePauseMs },
  });
  const ended = new AbortController();
  try {
    const jobTimes = askJobService(asking, ended.signal);
    const flooding = [floodHttp(api, ended.signal), floodCommands(bus, ended.signal)];
    await delay(durationMs);
    const answered = once(prober, 'message') as Promise<[number[]]>;
    prober.postMessage('stop');
    const live = percentilesOf((await answered)[0]);
    ended.abort();
    await Promise.allSettled(flooding);
    return {
      flood_live_p99_ms: live.p99Ms,
      flood_live_max_ms: live.maxMs,
      flood_job_service_max_ms: Math.max(...(await jobTimes)),
      flood_gateway_rss_mb: peakMb(system.processes().services.find(({ name }) => name === 'gateway')?.pid),
    };
  } finally {
    ended.abort();
    await prober.terminate();
    await Promise.all([bus.close(), asking.close()]);
  }
}

async function floodHttp(api: string, ended: AbortSignal): Promise<void> {
  const bodies = floodBodies().map(({ job }) => Buffer.from(`{"action":"createJob","data":${job}}`));
  await inTurns(bodies, ended, async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${api}/job-operations`, { method: 'POST', headers, body, signal: ended });
    await response.arrayBuffer();
  });
}

async function floodCommands(bus: Bus, ended: AbortSignal): Promise<void> {
  const bodies = floodBodies().map(({ job }) => Buffer.from(job));
  await inTurns(bodies, ended, async (body) => {
    await bus.js.publish(subjects.command('createJob'), body, { timeout: 10_000 });
  });
}

/** What is refused, or cut at the end, is part of a flood. */
async function inTurns<Body>(bodies: readonly Body[], ended: AbortSignal, send: (body: Body) => Promise<void>): Promise<void> {
  await Promise.all(
    Array.from({ length: senders }, async (_, sender) => {
      for (let turn = sender; !ended.aborted; turn += 1) {
        await send(bodies[turn % bodies.length] as Body).catch(() => delay(probePauseMs));
      }
    }),
  );
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

/** The most memory that a process has ever held. */
function peakMb(pid: number | undefined): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
