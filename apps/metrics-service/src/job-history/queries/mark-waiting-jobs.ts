import { Inject, Injectable } from '@nestjs/common';
import { isFinished, queueNeededBy, withWaits, type BatchJob } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { LiveJobs } from './live-jobs.js';

/** What keeps jobs of a page from going on: job-service alone knows, and is asked once a page, and only where one of them is open. */
@Injectable()
export class MarkWaitingJobs {
  constructor(@Inject(LiveJobs) private readonly live: Pick<LiveJobs, 'unserved' | 'wedged'>) {}

  async execute(jobs: BatchJob[], origin: Origin): Promise<BatchJob[]> {
    const queues = new Set(jobs.map(queueNeededBy).filter((queue) => queue !== null));
    const open = jobs.filter(({ status }) => !isFinished(status)).map(({ id }) => id);
    if (open.length === 0) return jobs;
    const [unserved, wedged] = await Promise.all([
      queues.size === 0 ? [] : this.live.unserved([...queues], origin),
      this.live.wedged(open, origin),
    ]);
    if (unserved.length === 0 && wedged.size === 0) return jobs;
    const lacking = new Set(unserved);
    return jobs.map((job) => withWaits(job, lacking, wedged.get(job.id)));
  }
}
