import { setTimeout as delay } from 'node:timers/promises';
import type { Lane } from '../domain/task-payload.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import type { LoadProcess } from '../process/load-process.js';
import type { ProducerCalls, WorkerCalls } from '../process/load-messages.js';
import type { SystemUnderTest } from '../system/system-under-test.js';

const stormTasks = 10_000;
/** Asked for at once; with a storm no more are begun once it is over. */
const probesAtOnce = 10;
const probePause = { pauseMsMin: 2, pauseMsMax: 6 };
/** As many as latencies are kept of. */
const probesMax = 10_000;
const pollMs = 20;

/** How long what was accepted may take to begin, and a storm to be over. */
interface Patience {
  startMs: number;
  stormMs: number;
}

const patience: Patience = { startMs: 60_000, stormMs: 180_000 };

type Callable<Calls extends ProducerCalls | WorkerCalls> = Pick<LoadProcess<Calls>, 'call'>;

export interface Probing {
  system: Pick<SystemUnderTest, 'recordedOf'>;
  producer: Callable<ProducerCalls>;
  worker: Callable<WorkerCalls>;
}

/** How long so many healthy tasks waited for their start, one submitted after the other. */
export function waitsWhileCalm(probing: Probing, count: number): Promise<number[]> {
  let left = count / probesAtOnce;
  return probeUntil(probing, () => (left -= 1) < 0);
}

/** How long they did from the submission of a storm of other tasks until all of those have ended. */
export async function waitsBesideStorm(
  probing: Probing,
  producer: Callable<ProducerCalls>,
  lane: Lane,
  most = patience,
): Promise<number[]> {
  let isOver = false;
  const ended = untilOver(probing.system, producer, lane, most).finally(() => (isOver = true));
  // It is told below, once no probe is under way.
  ended.catch(() => undefined);
  const waits = await probeUntil(probing, () => isOver, most);
  await ended;
  return waits;
}

async function untilOver(
  system: Probing['system'],
  producer: Callable<ProducerCalls>,
  lane: Lane,
  { stormMs }: Patience,
): Promise<void> {
  const submission = await producer.call('bulk', { lane, count: stormTasks });
  for (const deadline = monotonicMs() + stormMs; ;) {
    const { unfinished } = await system.recordedOf(lane, submission);
    if (unfinished === 0) return;
    if (monotonicMs() > deadline) throw new Error(`${unfinished} of ${stormTasks} tasks had not ended ${stormMs} ms later.`);
    await delay(pollMs);
  }
}

async function probeUntil(
  { producer, worker }: Probing,
  isOver: () => boolean,
  { startMs }: Patience = patience,
): Promise<number[]> {
  await worker.call('expect', { count: probesMax });
  let accepted = 0;
  while (!isOver()) accepted += (await producer.call('probes', { lane: 'noop', count: probesAtOnce, ...probePause })).accepted;
  return untilStarted(worker, accepted, startMs);
}

/** Waits for the last ones too: those that waited longest must not be left out. */
async function untilStarted(worker: Callable<WorkerCalls>, accepted: number, startMs: number): Promise<number[]> {
  for (const deadline = monotonicMs() + startMs; ;) {
    const { latenciesMs } = await worker.call('tally', {});
    if (latenciesMs.length >= accepted) return latenciesMs;
    if (monotonicMs() > deadline) {
      throw new Error(`Of ${accepted} healthy tasks ${latenciesMs.length} had begun ${startMs} ms after the last was accepted.`);
    }
    await delay(pollMs);
  }
}
