import type { Readings } from '../../domain/figure-book.js';
import { medianOf } from '../../domain/statistics.js';
import { percentilesOf } from '../percentiles.js';
import type { CountedWork } from './counted-work.js';

const largeTasks = 1_000_000;
const smallTasks = 1_000;
const bursts = 30;
/** Starts that a rate is taken from. */
const startsCounted = 100_000;
const probePause = { pauseMsMin: 4, pauseMsMax: 10 };

/** How fast tasks are given out and how long urgent ones wait, with 1,000 ready and with 1,000,000. */
export async function measureReadyTasks(work: CountedWork, probes: number): Promise<Readings> {
  const idleP99 = await urgentP99(work, probes);
  const small = Math.max(await rateOfBursts(work), await rateInTurns(work));
  await work.reset();
  const backlog = await work.submit('backlog', largeTasks);
  const large = await work.rateOf('backlog', startsCounted);
  const busyP99 = await urgentP99(work, probes);
  if ((await work.system.recordedOf('backlog', backlog)).unfinished === 0) {
    throw new Error('The backlog was over before all urgent tasks had started: their wait says nothing.');
  }
  await work.ended('backlog', backlog);
  return {
    backlog_dispatch_share: large / small,
    backlog_small_per_s: small,
    backlog_large_per_s: large,
    backlog_urgent_growth: busyP99 / idleP99,
    backlog_urgent_idle_p99_ms: idleP99,
    backlog_urgent_p99_ms: busyP99,
  };
}

/** Two jobs at a time: while one is at work, the next is accepted. */
async function rateInTurns(work: CountedWork): Promise<number> {
  let submitted = 0;
  await work.reset();
  const inTurn = async (): Promise<void> => {
    for (; submitted < startsCounted;) {
      submitted += smallTasks;
      await work.submit('backlog', smallTasks);
    }
  };
  await Promise.all([inTurn(), inTurn()]);
  return work.rateOf('backlog', startsCounted);
}

/** One job at a time: what it takes to accept the next is not counted. */
async function rateOfBursts(work: CountedWork): Promise<number> {
  const rates: number[] = [];
  for (let burst = 0; burst < bursts; burst += 1) {
    await work.reset();
    await work.submit('backlog', smallTasks);
    rates.push(await work.rateOf('backlog', smallTasks));
  }
  return medianOf(rates);
}

async function urgentP99(work: CountedWork, count: number): Promise<number> {
  await work.reset(count);
  const allRan = work.worker.notice(({ kind }) => kind === 'all_ran', 60_000);
  await work.producer.call('probes', { lane: 'urgent', count, ...probePause });
  if (!(await allRan)) throw new Error('Not all urgent tasks had started a minute later.');
  return percentilesOf((await work.worker.call('tally', {})).latenciesMs).p99Ms;
}
