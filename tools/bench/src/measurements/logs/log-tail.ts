import type { Client } from '@kintsugi/client';
import type { Readings } from '../../domain/figure-book.js';
import { logWriter, runBare } from '../../load/bare-command.js';
import { monotonicMs } from '../../load/monotonic-clock.js';
import type { CommandJobs } from '../../platform/command-jobs.js';
import { percentilesOf } from '../percentiles.js';

const readers = 50;
const pauseMs = 20;
/** Lines before all readers follow say how long they took to come. */
const ticksOfStart = 50;

/** How long after it was written a line is seen by those who follow its log. */
export async function measureLogTail(jobs: CommandJobs, client: Client, ticks: number): Promise<Readings> {
  const bare: number[] = [];
  await runBare(process.execPath, [logWriter, 'ticks', String(ticks), String(pauseMs)], (bytes) => {
    const nowMs = monotonicMs();
    for (const line of bytes.toString().split('\n')) note(line, nowMs, bare);
  });
  const jobId = await jobs.start([['log-writer', 'ticks', String(ticks + ticksOfStart), String(pauseMs)]]);
  const seen = await Promise.all(Array.from({ length: readers }, () => follow(client, jobId)));
  if (seen.some(({ length }) => length !== ticks)) throw new Error('A reader did not see every line.');
  const { p50Ms, p99Ms } = percentilesOf(seen.flat());
  return { log_tail_p50_ms: p50Ms, log_tail_p99_ms: p99Ms, log_tail_bare_p99_ms: percentilesOf(bare).p99Ms };
}

async function follow(client: Client, jobId: string): Promise<number[]> {
  const delaysMs: number[] = [];
  for await (const lines of client.followLog(jobId)) {
    const nowMs = monotonicMs();
    for (const { text } of lines) note(text, nowMs, delaysMs, ticksOfStart);
  }
  return delaysMs;
}

function note(line: string, nowMs: number, delaysMs: number[], from = 0): void {
  const [, n, atMs] = /^tick (\d+) ([\d.]+)$/.exec(line) ?? [];
  if (n !== undefined && Number(n) >= from) delaysMs.push(nowMs - Number(atMs));
}
