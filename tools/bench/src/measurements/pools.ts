import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient, type Client } from '@kintsugi/client';
import { freePort } from '@kintsugi/servers';
import { startPlatform } from '@kintsugi/supervisor';
import type { Readings } from '../domain/figure-book.js';
import type { BenchPlan } from '../bench-plan.js';
import { medianOf } from '../domain/statistics.js';
import { makeRepositoryWithHistory } from '../load/repository-with-history.js';
import { percentilesOf } from './percentiles.js';
import { timed } from './timed.js';

const run = promisify(execFile);
const slots = 100;
const small = { files: 300, bytes: 1_024 };

type PoolPlan = Pick<BenchPlan, 'poolRounds' | 'poolAllocations'>;

/** Pools of git working copies, on a platform of their own: how fast slots are looked at, given out and made again. */
export async function measurePools(folder: string, plan: PoolPlan, signal: AbortSignal): Promise<Readings> {
  const served = join(folder, 'served');
  await makeSmallRepository(join(served, 'small'));
  await makeRepositoryWithHistory(join(served, 'large'));
  const port = await freePort();
  const options = ['--reuseaddr', '--listen=127.0.0.1', `--port=${port}`, '--export-all', `--base-path=${served}`, served];
  const daemon = spawn('git', ['daemon', ...options], { detached: true, stdio: 'ignore' });
  const remote = `git://127.0.0.1:${port}`;
  const trouble = new AbortController();
  daemon.once('error', (error) => trouble.abort(error));
  const ended = AbortSignal.any([signal, trouble.signal]);
  try {
    await reachable(port, ended);
    const platform = await startPlatform({
      settings: { WORKERS: 0 },
      environment: { ...process.env, POOL_ALLOWED_URLS: `${remote}/*`, POOL_RECOVERY_CRON: 'off' },
    });
    try {
      const { pools } = createClient({ baseUrl: platform.urls.api, timeoutMs: 900_000 });
      return {
        ...(await measureSmall(pools, `${remote}/small/.git`, plan, ended)),
        ...(await measureLarge(pools, `${remote}/large/.git`, folder, plan, ended)),
      };
    } finally {
      await platform.stop();
    }
  } finally {
    end(daemon);
  }
}

/** With the processes that it has begun for whoever asked it. */
function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
}

/** Slots that are sound and warm: each of them looked at as a whole, and given out. */
async function measureSmall(pools: Client['pools'], url: string, plan: PoolPlan, signal: AbortSignal): Promise<Readings> {
  const pool = 'small';
  await pools.createPool({ name: pool, repository_url: url, size: slots });
  const looks: number[] = [];
  for (let round = 0; round < plan.poolRounds; round += 1) {
    signal.throwIfAborted();
    looks.push(await timed(() => pools.detectCorruptedSlots({ pool, depth: 'full' })));
  }
  const times: number[] = [];
  for (let count = 0; count < plan.poolAllocations; count += 1) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    const { slot_id, token } = await pools.allocate({ pool, owner: 'bench' });
    times.push(performance.now() - startedAt);
    await pools.release(slot_id, { token });
  }
  const { p50Ms, p99Ms } = percentilesOf(times);
  return { pool_look_100_s: medianOf(looks) / 1_000, pool_allocate_p50_ms: p50Ms, pool_allocate_p99_ms: p99Ms };
}

/** A slot made from the mirror, and a clone by git from the remote, in turns. */
async function measureLarge(
  pools: Client['pools'],
  url: string,
  folder: string,
  plan: PoolPlan,
  signal: AbortSignal,
): Promise<Readings> {
  const pool = 'large';
  await pools.createPool({ name: pool, repository_url: url, size: 0 });
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < plan.poolRounds; round += 1) {
    signal.throwIfAborted();
    ours.push(
      await timed(async () => {
        const { slot_id, state } = await pools.addSlot(pool);
        if (state !== 'AVAILABLE') throw new Error(`Slot ${slot_id} is ${state} after it was made.`);
      }),
    );
    const copy = join(folder, `clone-${round}`);
    theirs.push(await timed(() => run('git', ['clone', '--quiet', url, copy])));
    rmSync(copy, { recursive: true });
  }
  return {
    pool_slot_mirror_s: medianOf(ours) / 1_000,
    pool_slot_remote_s: medianOf(theirs) / 1_000,
    // By round: what else the machine does falls out of a ratio of two that stand side by side.
    pool_slot_vs_remote: medianOf(ours.map((oursMs, round) => (theirs[round] as number) / oursMs)),
  };
}

async function makeSmallRepository(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < small.files; file += 1) {
    const part = join(folder, `part-${file % 50}`);
    mkdirSync(part, { recursive: true });
    writeFileSync(join(part, `file-${file}`), randomBytes(small.bytes));
  }
  const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '.'],
    ['commit', '-q', '-m', 'All of it'],
    ['repack', '-adq'],
  ]) {
    await run('git', [...who, ...args], { cwd: folder });
  }
}

async function reachable(port: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isUp) return;
    await delay(20);
  }
}
