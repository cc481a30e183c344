import { Injectable } from '@nestjs/common';
import type { Collection, Filter } from 'mongodb';
import { finishedJobStatuses } from '@kintsugi/contracts';
import { Store, type IndexDefinition } from '@kintsugi/persistence';
import type { CancelledWithParent, ChildJobs, Fate } from '../child-jobs.js';
import type { JobRecord } from '../domain/job.js';
import { jobCollection } from './job-store.js';

export const childJobIndexes: readonly IndexDefinition[] = [
  {
    collection: jobCollection,
    keys: { parent_job_id: 1, _id: 1 },
    options: { name: 'children', partialFilterExpression: { parent_job_id: { $exists: true } } },
  },
];

const over = [...finishedJobStatuses, 'deleting' as const];

/** The jobs that handlers have made, in MongoDB. */
@Injectable()
export class ChildJobStore implements ChildJobs {
  private readonly jobs: Collection<JobRecord>;

  constructor(store: Store) {
    this.jobs = store.collection<JobRecord>(jobCollection);
  }

  async of(parentId: string, newest: number): Promise<{ count: number; newest: string[] }> {
    const filter = { parent_job_id: parentId };
    const last = await this.idsOf(filter, -1, newest);
    return { count: last.length < newest ? last.length : await this.jobs.countDocuments(filter), newest: last };
  }

  befallen(parentIds: readonly string[], fate: Fate, hasEnded: boolean | null, limit: number): Promise<string[]> {
    const filter: Filter<JobRecord> = { parent_job_id: { $in: [...parentIds] }, with_parent: fate };
    if (hasEnded !== null) filter.status = hasEnded ? { $in: [...finishedJobStatuses] } : { $nin: [...over] };
    return this.idsOf(filter, 1, limit);
  }

  async toCancel(afterId: string, limit: number): Promise<CancelledWithParent[]> {
    const isOpen = { $nin: [...over, 'cancelling' as const] };
    const filter = { _id: { $gt: afterId }, parent_job_id: { $exists: true }, with_parent: 'cancel' as const, status: isOpen };
    const found = await this.jobs
      .find(filter, { projection: { parent_job_id: 1 } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id: jobId, parent_job_id: parentId = '' }) => ({ jobId, parentId }));
  }

  private async idsOf(filter: Filter<JobRecord>, order: 1 | -1, limit: number): Promise<string[]> {
    const found = await this.jobs
      .find(filter, { projection: { _id: 1 } })
      .sort({ _id: order })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }
}
