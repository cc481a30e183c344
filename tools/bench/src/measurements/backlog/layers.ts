import type { Readings } from '../../domain/figure-book.js';
import { medianOf } from '../../domain/statistics.js';
import { monotonicMs } from '../../load/monotonic-clock.js';
import { perSecond } from '../bulk.js';
import type { CountedWork } from './counted-work.js';

const tasks = 10_000;
const rounds = 3;

/** The rate of a job of 10,000 tasks in 100 layers, to that of as many that wait for none. */
export async function measureLayers(work: CountedWork): Promise<Readings> {
  const free: number[] = [];
  const layered: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    free.push(await rateOf(work, 'backlog'));
    layered.push(await rateOf(work, 'layered'));
  }
  const [freePerS, layeredPerS] = [medianOf(free), medianOf(layered)];
  return { layers_share: layeredPerS / freePerS, layers_per_s: layeredPerS, layers_free_per_s: freePerS };
}

/** From its submission to its end. */
async function rateOf(work: CountedWork, lane: 'backlog' | 'layered'): Promise<number> {
  const submission = await work.submit(lane, tasks);
  await work.ended(lane, submission);
  return perSecond(tasks, monotonicMs() - submission.startedAtMs);
}
