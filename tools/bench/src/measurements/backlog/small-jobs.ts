import type { Readings } from '../../domain/figure-book.js';
import { medianOf } from '../../domain/statistics.js';
import { monotonicMs } from '../../load/monotonic-clock.js';
import { until } from '../until.js';
import type { CountedWork } from './counted-work.js';

const queuedTasks = 100_000;
const jobs = 20;
const tasksPerJob = 10;

/** How much longer a job of ten tasks takes beside 100,000 waiting tasks of another user, of 20 ms each. */
export async function measureSmallJobs(work: CountedWork): Promise<Readings> {
  const alone = await timesOf(work);
  await work.reset();
  const queued = await work.submit('slow', queuedTasks);
  await work.started('slow', 1);
  const beside = await timesOf(work);
  const { unfinished } = await work.system.recordedOf('slow', queued);
  if (unfinished === 0) throw new Error('The queue was over before the small jobs were: their times say nothing.');
  await cancel(work, queued.receipts[0] as string);
  await work.ended('slow', queued);
  const [aloneMs, longestMs] = [medianOf(alone), Math.max(...beside)];
  return { fair_delay_ms: Math.max(0, longestMs - aloneMs), fair_alone_p50_ms: aloneMs, fair_beside_max_ms: longestMs };
}

async function timesOf(work: CountedWork): Promise<number[]> {
  const times: number[] = [];
  for (let job = 0; job < jobs; job += 1) {
    const submission = await work.submit('guest', tasksPerJob);
    await work.ended('guest', submission);
    times.push(monotonicMs() - submission.startedAtMs);
  }
  return times;
}

async function cancel(work: CountedWork, jobId: string): Promise<void> {
  const url = `${String(work.system.address['api'])}/job-operations`;
  await until('the queue is cancelled', async () => {
    const body = JSON.stringify({ action: 'cancelJob', data: { job_id: jobId } });
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return answer.ok ? true : null;
  });
}
