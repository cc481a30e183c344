import { setTimeout as delay } from 'node:timers/promises';
import type { Readings } from '../domain/figure-book.js';
import type { Lane } from '../domain/task-payload.js';
import { LoadProcess } from '../process/load-process.js';
import type { ProducerCalls } from '../process/load-messages.js';
import { perSecond } from './bulk.js';
import { workerConcurrency, type Contender } from './contender.js';
import { deliver } from './deliver.js';
import { waitsBesideStorm, waitsWhileCalm } from './healthy-waits.js';
import { percentilesOf } from './percentiles.js';

/** One is over in a second or two: a percentile needs the probes of some. */
const storms = 3;
const probesWhileCalm = 600;
const settleMs = 500;

/**
 * What failures cost: the rate of tasks of which every tenth fails once and is retried, to that of as many that do not; and how
 * long healthy tasks of another job wait for their start while 10,000 fail at once, to how long they do while nothing else runs.
 *
 * @param round by which the order changes
 */
export async function measureFailures(contender: Contender, count: number, round: number): Promise<Readings> {
  const { system } = contender;
  const load = { system: system.name, address: system.address, profile: 'tuned' as const, concurrency: workerConcurrency };
  const worker = await LoadProcess.startWorker({ ...load, lanes: ['fine', 'flaky', 'fail'], holds: false });
  const producer = await LoadProcess.startProducer({ ...load, lanes: [], holds: false });
  try {
    const other = { ...contender, worker, producer };
    const rates = new Map<Lane, number>();
    const lanes: Lane[] = ['fine', 'flaky'];
    for (const lane of round % 2 === 0 ? lanes : lanes.toReversed()) rates.set(lane, await rateOf(other, lane, count));
    const [without = 0, withTenth = 0] = lanes.map((lane) => rates.get(lane));
    const calm = percentilesOf(await waitsWhileCalm(contender, probesWhileCalm)).p99Ms;
    const besideHealthy = await besideStorms(contender, producer, 'fine');
    const besideFailing = await besideStorms(contender, producer, 'fail');
    return {
      failing_share: withTenth / without,
      failing_none_per_s: without,
      failing_tenth_per_s: withTenth,
      storm_slowdown: besideFailing / calm,
      storm_calm_p99_ms: calm,
      storm_healthy_p99_ms: besideHealthy,
      storm_failing_p99_ms: besideFailing,
    };
  } finally {
    await Promise.all([worker.stop(), producer.stop()]);
  }
}

async function rateOf(contender: Contender, lane: Lane, count: number): Promise<number> {
  const { submission, recordedAtMs } = await deliver(contender, lane, count, (producer) =>
    producer.call('bulk', { lane, count }),
  );
  return perSecond(count, recordedAtMs - submission.startedAtMs);
}

async function besideStorms(contender: Contender, producer: LoadProcess<ProducerCalls>, lane: Lane): Promise<number> {
  const waits: number[] = [];
  for (let storm = 0; storm < storms; storm += 1) {
    await delay(settleMs);
    waits.push(...(await waitsBesideStorm(contender, producer, lane)));
  }
  return percentilesOf(waits).p99Ms;
}
