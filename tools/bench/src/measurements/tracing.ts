import type { BenchPlan } from '../bench-plan.js';
import type { Readings } from '../domain/figure-book.js';
import { orderOfRound } from '../domain/rotation.js';
import { medianOf } from '../domain/statistics.js';
import { perSecond, submitBulk } from './bulk.js';
import type { Contender } from './contender.js';
import type { Delivered } from './deliver.js';
import { submitSingles } from './single.js';

/** What it costs jobs that one in a hundred is traced. */
export async function measureTracing(plain: Contender, traced: Contender | undefined, plan: BenchPlan): Promise<Readings> {
  if (!traced) throw new Error('The platform whose jobs are traced has not started.');
  const bulk = await costOf(plain, traced, plan.tracingPairs, (each) => submitBulk(each, plan.bulkTasks));
  const single = await costOf(plain, traced, plan.tracingPairs, (each) => submitSingles(each, plan.singleJobs));
  return {
    tracing_cost_percent: Math.max(0, bulk.percent, single.percent),
    tracing_bulk_percent: bulk.percent,
    tracing_single_percent: single.percent,
    tracing_off_bulk_per_s: bulk.plainPerS,
    tracing_off_single_per_s: single.plainPerS,
  };
}

async function costOf(
  plain: Contender,
  traced: Contender,
  pairs: number,
  submit: (contender: Contender) => Promise<Delivered>,
): Promise<{ percent: number; plainPerS: number }> {
  for (const each of [plain, traced]) await submit(each);
  const shares: number[] = [];
  const plainRates: number[] = [];
  for (let round = 0; round < pairs; round += 1) {
    const rates = new Map<Contender, number>();
    for (const each of orderOfRound([plain, traced], round)) {
      const { submission, recordedAtMs } = await submit(each);
      rates.set(each, perSecond(submission.accepted, recordedAtMs - submission.startedAtMs));
    }
    const [plainPerS = 0, tracedPerS = 0] = [plain, traced].map((each) => rates.get(each));
    plainRates.push(plainPerS);
    // Of two runs next to each other: what the machine does beside changes less within a pair than from one to the next.
    shares.push(tracedPerS / plainPerS);
  }
  return { percent: (1 - medianOf(shares)) * 100, plainPerS: medianOf(plainRates) };
}
