/** The worker process: runs the tasks of one system and counts them. */
import { setTimeout as delay } from 'node:timers/promises';
import { TallyBook } from '../domain/exactness.js';
import type { SystemName } from '../domain/systems.js';
import type { Lane, TaskPayload } from '../domain/task-payload.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import type { TaskWorkerFactory } from '../load/task-worker.js';
import { answerCalls, notify } from './answer-calls.js';
import type { LaneStarts, LoadSettings, WorkerTally } from './load-messages.js';

const factories: Record<SystemName, () => Promise<TaskWorkerFactory>> = {
  kintsugi: async () => (await import('../platform/platform-worker.js')).startPlatformWorker,
  bullmq: async () => (await import('../redis/bullmq-worker.js')).startBullmqWorker,
  'bullmq-always': async () => (await import('../redis/bullmq-worker.js')).startBullmqWorker,
  'graphile-worker': async () => (await import('../postgres/graphile-task-worker.js')).startGraphileWorker,
  dbos: async () => (await import('../postgres/dbos-task-worker.js')).startDbosWorker,
  restate: async () => (await import('../restate/restate-task-worker.js')).startRestateWorker,
};

/** Latencies are kept of short runs only: percentiles of a queue that is full say how long it is. */
const latenciesMax = 10_000;

const { system, address, lanes, profile, concurrency, holds } = JSON.parse(process.argv[2] ?? '{}') as LoadSettings;
let book = new TallyBook(0);
let firstStartMs = 0;
let latenciesMs: number[] = [];
let failedOnce = new Set<number>();
let starts: Partial<Record<Lane, LaneStarts>> = {};
const slowMs = 20;

/** Counts a run; a held task stays until this process is killed. */
function run(lane: Lane, payload: TaskPayload): Promise<void> | void {
  const atMs = monotonicMs();
  if (lane === 'backlog' || lane === 'slow') {
    noteStart(lane, atMs);
    return lane === 'slow' ? delay(slowMs) : undefined;
  }
  if (firstStartMs === 0) firstStartMs = atMs;
  if (book.expected <= latenciesMax && lane !== 'fail') latenciesMs.push(atMs - payload.sent_ms);
  if (lane === 'fail' || (lane === 'flaky' && failsNow(payload.n))) throw new Error(`the relay ${payload.n} is away`);
  if (lane === 'hold') notify({ kind: 'held', n: payload.n, atMs });
  if (book.count(payload.n)) notify({ kind: 'all_ran', atMs: monotonicMs() });
  return lane === 'hold' && holds ? new Promise<void>(() => undefined) : undefined;
}

function noteStart(lane: Lane, atMs: number): void {
  const seen = (starts[lane] ??= { started: 0, firstMs: atMs, lastMs: atMs });
  seen.started += 1;
  seen.lastMs = atMs;
}

/** Of every tenth task the first run fails. */
function failsNow(n: number): boolean {
  if (n % 10 !== 0 || failedOnce.has(n)) return false;
  failedOnce.add(n);
  return true;
}

const worker = await (await factories[system]())({ address, lanes, profile, concurrency, run });
answerCalls({
  expect: ({ count }: { count: number }): boolean => {
    book = new TallyBook(count);
    firstStartMs = 0;
    latenciesMs = [];
    failedOnce = new Set();
    starts = {};
    return true;
  },
  tally: (): WorkerTally => ({ tally: book.tally(), firstStartMs, latenciesMs, starts }),
  close: async (): Promise<boolean> => {
    await worker.stop();
    return true;
  },
});
notify({ kind: 'ready' });
