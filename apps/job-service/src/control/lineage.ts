import { Injectable } from '@nestjs/common';
import { JobDirectory } from '../directory/job-directory.js';
import type { JobHandle } from '../directory/job-handle.js';
import { JobRecords } from '../jobs/job-records.js';

/** Runs that are looked for, over all generations. */
const lookedForMax = 64;
/** Other runs whose tasks are looked at, and how many tasks that may be together. */
const runsMax = 8;
const tasksMax = 1_000_000;

/** The runs of one job: what it was a run of, what was run of that again, and what of those. */
@Injectable()
export class Lineage {
  constructor(
    private readonly directory: JobDirectory,
    private readonly jobs: JobRecords,
  ) {}

  /** The newest runs with the same tasks, the oldest first, the job itself among them. */
  async runsLike(job: JobHandle, total: number): Promise<JobHandle[]> {
    const found = await this.below(await this.root(job, total), total);
    const others = found.filter(({ id }) => id !== job.id).sort(byAge);
    const most = Math.min(runsMax, Math.floor(tasksMax / Math.max(total, 1)));
    return [job, ...(most > 0 ? others.slice(-most) : [])].sort(byAge);
  }

  /** Past a run that has other tasks, as one that was planned anew, it is another job. */
  private async root(job: JobHandle, total: number): Promise<JobHandle> {
    let root = job;
    for (let looked = 0; looked < lookedForMax; looked += 1) {
      const { original_job_id: above } = root.view();
      const original = above === undefined ? null : await this.directory.open(above);
      if (original?.view().total_tasks !== total) break;
      root = original;
    }
    return root;
  }

  private async below(root: JobHandle, total: number): Promise<JobHandle[]> {
    const runs = [root];
    for (let next = 0; next < runs.length && runs.length < lookedForMax; next += 1) {
      const ids = await this.jobs.retriesOf((runs[next] as JobHandle).id);
      for (const id of ids.slice(-lookedForMax)) {
        const run = await this.directory.open(id);
        if (run?.view().total_tasks === total) runs.push(run);
      }
    }
    return runs;
  }
}

function byAge(one: JobHandle, other: JobHandle): number {
  return one.view().created_at < other.view().created_at ? -1 : 1;
}
