import { Injectable } from '@nestjs/common';
import { every } from '@kintsugi/boundary';
import { isFinished, serviceActor, type BatchJob, type JobStatus } from '@kintsugi/contracts';
import { untilReachable } from '@kintsugi/persistence';
import { ChildJobs, type Fate } from '../jobs/child-jobs.js';
import { JobWaits } from '../jobs/job-waits.js';
import { JobDirectory } from './job-directory.js';

const pageSize = 256;
const lookEveryMs = 30_000;
const self = serviceActor('job-service').name;
/** One that is gone or going may have been completed: whoever deletes a cancelled one cancels what is cancelled with it first. */
const stopped: readonly (JobStatus | undefined)[] = ['cancelling', 'cancelled'];

/**
 * Cancels the jobs that are to be cancelled with their parents: at once where somebody cancels one, and by a look now and then where a
 * parent was cancelled in another way, or a crash came in between.
 */
@Injectable()
export class FollowParents {
  private timer: NodeJS.Timeout | null = null;
  /** The last that was looked at; empty where the next are the first. */
  private lookedAt = '';

  constructor(
    private readonly children: ChildJobs,
    private readonly waits: JobWaits,
    private readonly directory: JobDirectory,
  ) {}

  async start(): Promise<void> {
    do await this.look();
    while (this.lookedAt !== '');
    this.timer = every('follow-parents', lookEveryMs, () => this.look());
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Cancels what is to be cancelled with a job. */
  async cancelChildrenOf(parentId: string, by: string): Promise<void> {
    for (let more = true; more;) {
      const ids = await untilReachable(() => this.children.befallen([parentId], 'cancel', false, pageSize));
      let changed = 0;
      for (const id of ids) if (await this.cancel(id, by)) changed += 1;
      more = ids.length === pageSize && changed > 0;
    }
  }

  /** What befalls a job with its parent that is made now: one that was cancelled before takes nothing with it that a person asks for since. */
  async fatesNow({ parent_job_id: parentId, with_parent: fates }: BatchJob): Promise<Fate[] | undefined> {
    if (parentId === undefined || !fates?.includes('cancel')) return fates;
    const standings = await untilReachable(() => this.waits.standings([parentId]));
    return stopped.includes(standings.get(parentId)?.status) ? fates.filter((fate) => fate !== 'cancel') : fates;
  }

  /** Looks at some of those that may have to be cancelled. */
  async look(): Promise<void> {
    const page = await this.children.toCancel(this.lookedAt, pageSize);
    this.lookedAt = page.length < pageSize ? '' : (page.at(-1)?.jobId ?? '');
    const parents = [...new Set(page.map(({ parentId }) => parentId))];
    if (parents.length === 0) return;
    const standings = await untilReachable(() => this.waits.standings(parents));
    for (const { jobId, parentId } of page) {
      if (stopped.includes(standings.get(parentId)?.status)) await this.cancel(jobId, self);
    }
  }

  /** One that is cancelled has its own cancelled with it. */
  private async cancel(jobId: string, by: string): Promise<boolean> {
    const job = await this.directory.open(jobId);
    if (!job || isFinished(job.status) || job.status === 'cancelling' || !(await job.apply('cancel', { by }))) return false;
    await this.cancelChildrenOf(jobId, by);
    return true;
  }
}
