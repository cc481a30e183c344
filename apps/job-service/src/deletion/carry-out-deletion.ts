import { Injectable } from '@nestjs/common';
import { isFinished } from '@kintsugi/contracts';
import { EventPublisher } from '@kintsugi/messaging';
import { ReleaseJobs } from '../dependencies/release-jobs.js';
import { FollowParents } from '../directory/follow-parents.js';
import { JobDirectory } from '../directory/job-directory.js';
import { JobEraser } from '../directory/job-eraser.js';
import { ChildJobs } from '../jobs/child-jobs.js';
import { Deletions, type Deletion } from '../jobs/deletions.js';
import { Clock } from '../platform/clock.js';
import { NewIds } from '../platform/new-ids.js';
import { JobTraces, OtherServices } from './job-traces.js';

/** Jobs that go with others are deleted so many at a time. */
const childrenMax = 256;

/**
 * Deletes jobs, step by step. Each step may be repeated, and what has been begun is gone through from its beginning after a crash:
 * the deletion itself is the only thing that says how far it came.
 */
@Injectable()
export class CarryOutDeletion {
  constructor(
    private readonly directory: JobDirectory,
    private readonly eraser: JobEraser,
    private readonly followParents: FollowParents,
    private readonly releaseJobs: ReleaseJobs,
    private readonly children: ChildJobs,
    private readonly traces: JobTraces,
    private readonly others: OtherServices,
    private readonly publisher: EventPublisher,
    private readonly deletions: Deletions,
    private readonly clock: Clock,
    private readonly ids: NewIds,
  ) {}

  /** False while a job has not come to its end: it is asked to, and what it still runs is waited for. */
  async execute(deletion: Deletion): Promise<boolean> {
    const { id, requestedBy, onlyEnded } = deletion;
    if (onlyEnded) await this.keep(deletion, await this.underWayOf(deletion.jobIds));
    else await this.stop(deletion);
    const { jobIds } = deletion;
    await this.cancelChildren(deletion);
    // What is to go with them goes first: afterwards nobody knows whose it was.
    if (!(await this.deleteChildren(deletion))) return false;
    // While the record still says how they ended.
    await this.releaseJobs.settleBeforeDeletion(jobIds);
    // Closed before the job is gone: a key whose job is nowhere would be free.
    await this.traces.closeKeys(jobIds);
    const left = await this.eraser.erase(jobIds);
    if (left.length > 0 && !onlyEnded) return false;
    await this.keep(deletion, left);
    if (deletion.jobIds.length > 0) await this.forget(id, deletion.jobIds, requestedBy.name);
    await this.deletions.noteDone(id);
    return true;
  }

  private async deleteChildren({ id, jobIds, onlyEnded, ...asked }: Deletion): Promise<boolean> {
    // What was written down comes to its end as it is: some of it may have been erased, and is found no more.
    for (let begun = await this.begunUnder(id); begun; begun = await this.begunUnder(id)) {
      if (!(await this.execute(begun))) return false;
    }
    const found = await this.children.befallen(jobIds, 'delete', onlyEnded ?? null, childrenMax);
    if (found.length === 0) return true;
    // Under an id of its own: one that is there already would stand for other jobs.
    const children = { id: `${id}.${this.ids.uuid()}`, jobIds: found, ...asked, ...(onlyEnded ? { onlyEnded } : {}) };
    await this.deletions.add(children);
    // Whatever comes after these is found once they have gone.
    return (await this.execute(children)) && found.length < childrenMax;
  }

  /** A deletion of what goes with the jobs of another that has not come to its end. */
  private async begunUnder(id: string): Promise<Deletion | undefined> {
    const [next] = await this.deletions.unfinished(`${id}.`, 1);
    return next?.id.startsWith(`${id}.`) ? next : undefined;
  }

  private async forget(id: string, jobIds: readonly string[], by: string): Promise<void> {
    await this.traces.remove(jobIds);
    await this.publisher.publish({
      ...{ id: `evt_${id}`, name: 'job.deleted', source: '/kintsugi/job-service', subject: id },
      time: new Date(this.clock.now()).toISOString(),
      data: { jobs: jobIds.map((job_id) => ({ job_id, by })) },
    });
    // After the event, which follows in the stream on all that may still be on its way there.
    await this.others.forget(jobIds);
  }

  /** Jobs stay after all: they run again. */
  private async keep(deletion: Deletion, jobIds: readonly string[]): Promise<void> {
    if (jobIds.length === 0) return;
    await this.traces.openKeys(jobIds);
    await this.deletions.leaveOut(deletion.id, jobIds);
    deletion.jobIds = deletion.jobIds.filter((jobId) => !jobIds.includes(jobId));
  }

  private async underWayOf(jobIds: readonly string[]): Promise<string[]> {
    const underWay: string[] = [];
    for (const jobId of jobIds) {
      const job = await this.directory.open(jobId);
      if (job && !isFinished(job.status) && job.status !== 'deleting') underWay.push(jobId);
    }
    return underWay;
  }

  /** Those that are to be cancelled with a job that was, also where a crash came in between: once it is gone nobody knows that it was. */
  private async cancelChildren({ jobIds, requestedBy }: Deletion): Promise<void> {
    for (const jobId of jobIds) {
      const status = (await this.directory.open(jobId))?.status;
      if (status === 'cancelling' || status === 'cancelled') await this.followParents.cancelChildrenOf(jobId, requestedBy.name);
    }
  }

  private async stop({ jobIds, requestedBy }: Deletion): Promise<void> {
    for (const jobId of jobIds) {
      const job = await this.directory.open(jobId);
      if (!job || isFinished(job.status) || job.status === 'deleting' || job.status === 'cancelling') continue;
      await job.apply('cancel', { by: requestedBy.name });
    }
  }
}
