import type { Readings } from '../../domain/figure-book.js';
import { medianOf } from '../../domain/statistics.js';
import { until } from '../until.js';
import type { CountedWork } from './counted-work.js';

const tasks = 100_000;
/** They are deleted 256 at a time, with a pause behind each: enough for all that is counted beside. */
const endedJobs = 20_000;
const window = 1_024;
const rounds = 3;
const roundsMax = 30;
const deletions = 'kintsugi_retention_deletions_total';

/**
 * What it costs tasks that jobs which have ended are deleted meanwhile. Too much is kept from the start, and job-service only
 * looks for that when it starts: so it is ended once, and tasks are counted before and after.
 */
export async function measureDeletions(work: CountedWork): Promise<Readings> {
  await work.producer.call('singles', { lane: 'backlog', count: endedJobs, window });
  await work.started('backlog', endedJobs);
  const alone = await ratesOf(work);
  const before = jobServiceOf(work).pid;
  process.kill(before, 'SIGKILL');
  await until('job-service deletes', async () =>
    jobServiceOf(work).pid !== before && (await deletedBy(work)) > 0 ? true : null,
  );
  const first = await deletedBy(work);
  const beside = await ratesOf(work);
  // What is between two deletions costs nothing, and belongs to their price all the same.
  for (; (await deletedBy(work)) <= first;) {
    if (beside.length >= roundsMax) throw new Error('Nothing was deleted while tasks were counted: their rate says nothing.');
    beside.push(...(await ratesOf(work)));
  }
  const [alonePerS, besidePerS] = [medianOf(alone), medianOf(beside)];
  return {
    retention_cost_percent: Math.max(0, 1 - besidePerS / alonePerS) * 100,
    retention_alone_per_s: alonePerS,
    retention_beside_per_s: besidePerS,
  };
}

async function ratesOf(work: CountedWork): Promise<number[]> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await work.reset();
    await work.submit('backlog', tasks);
    rates.push(await work.rateOf('backlog', tasks));
  }
  return rates;
}

function jobServiceOf(work: CountedWork): { pid: number; opsUrl?: string } {
  const found = work.system.processes().services.find(({ name }) => name === 'job-service');
  // It is between two lives.
  return found ?? { pid: 0 };
}

/** Jobs that it has deleted in this life; none while it does not answer. */
async function deletedBy(work: CountedWork): Promise<number> {
  const { opsUrl } = jobServiceOf(work);
  if (opsUrl === undefined) return 0;
  const text = await fetch(new URL('/metrics', opsUrl)).then(
    (answer) => answer.text(),
    () => '',
  );
  return Number(new RegExp(`^${deletions}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(text)?.[1] ?? 0);
}
