import type { Readings } from '../../domain/figure-book.js';
import { medianOf } from '../../domain/statistics.js';
import type { Submission } from '../../system/system-under-test.js';
import { percentilesOf } from '../percentiles.js';
import type { CountedWork } from './counted-work.js';
import { platformAtRest } from './stillness.js';

const largeTasks = 1_000_000;
const smallTasks = 1_000;
/** Of each rate, in turns. */
const rounds = 3;
/** Starts that a rate is taken from. */
const startsCounted = 100_000;
const probePause = { pauseMsMin: 4, pauseMsMax: 10 };
/** Urgent tasks from one look at the backlog to the next. */
const probesAtOnce = 100;

/**
 * How fast tasks are given out, and how long urgent ones wait, with few ready and with 1,000,000. All of the 1,000,000 are ready before the
 * first start that counts.
 */
export async function measureReadyTasks(work: CountedWork, probes: number): Promise<Readings> {
  // Code is compiled and paths are warm, as they are later.
  await urgentWaits(work, probesAtOnce);
  const rest = [await platformAtRest(work)];
  const idle = await urgentWaits(work, probes / 2);
  const small = [await rateOfFew(work)];
  const busy: number[] = [];
  while (busy.length < probes) {
    const backlog = await work.submit('backlog', largeTasks);
    busy.push(...(await waitsBeside(work, backlog, probes - busy.length)));
    await work.ended('backlog', backlog);
  }
  const backlog = await work.submit('backlog', largeTasks);
  const large: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await work.reset();
    large.push(await work.rateOf('backlog', startsCounted));
  }
  await work.ended('backlog', backlog);
  // Before and after: what else the machine has to do changes meanwhile. Each while nothing of the platform runs.
  rest.push(await platformAtRest(work));
  idle.push(...(await urgentWaits(work, probes / 2)));
  for (let round = 1; round < rounds; round += 1) small.push(await rateOfFew(work));
  const [smallPerS, largePerS] = [medianOf(small), medianOf(large)];
  const [idleP99, busyP99] = [percentilesOf(idle).p99Ms, percentilesOf(busy).p99Ms];
  return {
    backlog_dispatch_share: largePerS / smallPerS,
    backlog_small_per_s: smallPerS,
    backlog_large_per_s: largePerS,
    backlog_urgent_growth: busyP99 / idleP99,
    backlog_urgent_idle_p99_ms: idleP99,
    backlog_urgent_p99_ms: busyP99,
    backlog_rest_s: Math.max(...rest) / 1_000,
  };
}

/**
 * The faster of two ways to have few ready: jobs of 1,000 as they come, and the whole of a job of as many as are counted. A job of
 * 1,000 by itself is given out in one write: from its first start to its last nothing is, so its rate is that of a worker.
 */
async function rateOfFew(work: CountedWork): Promise<number> {
  const inTurns = await rateInTurns(work);
  await work.reset();
  const job = await work.submit('backlog', startsCounted);
  const rate = await work.rateOf('backlog', startsCounted);
  await work.ended('backlog', job);
  return Math.max(inTurns, rate);
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

/** By hundreds, of which each counts that was over before the backlog was. */
async function waitsBeside(work: CountedWork, backlog: Submission, count: number): Promise<number[]> {
  const waits: number[] = [];
  while (waits.length < count) {
    const more = await urgentWaits(work, probesAtOnce);
    if ((await work.system.recordedOf('backlog', backlog)).unfinished === 0) break;
    waits.push(...more);
  }
  if (waits.length === 0) {
    throw new Error('The backlog was over before a hundred urgent tasks had started: their wait says nothing.');
  }
  return waits;
}

/** From the submission of each urgent task to the start of its handler. */
async function urgentWaits(work: CountedWork, count: number): Promise<number[]> {
  await work.reset(count);
  const allRan = work.worker.notice(({ kind }) => kind === 'all_ran', 60_000);
  await work.producer.call('probes', { lane: 'urgent', count, ...probePause });
  if (!(await allRan)) throw new Error('Not all urgent tasks had started a minute later.');
  return (await work.worker.call('tally', {})).latenciesMs;
}
