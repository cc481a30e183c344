import type { Readings } from '../../domain/figure-book.js';
import type { Contender } from '../contender.js';
import { CountedWork } from './counted-work.js';
import { measureLayers } from './layers.js';
import { measureReadyTasks } from './ready-tasks.js';
import { measureDeletions } from './retention.js';
import { measureSmallJobs } from './small-jobs.js';

/** What waiting costs those who do not wait: a million ready tasks, a long queue of another user, and dependencies. */
export function measureBacklog(contender: Contender, probes: number): Promise<Readings> {
  return atWork(contender, async (work) => ({
    ...(await measureReadyTasks(work, probes)),
    ...(await measureSmallJobs(work)),
    ...(await measureLayers(work)),
  }));
}

/** What it costs them that jobs which have ended are deleted, on a platform that keeps none. */
export function measureRetention(contender: Contender): Promise<Readings> {
  return atWork(contender, measureDeletions);
}

async function atWork(contender: Contender, measure: (work: CountedWork) => Promise<Readings>): Promise<Readings> {
  const work = await CountedWork.open(contender);
  try {
    return await measure(work);
  } finally {
    await work.close();
  }
}
