import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { DEFAULT_TENANT, placeOfBundledJob } from '@kintsugi/contracts';
import { Store, durable, type IndexDefinition } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';
import { bundledJobStatus } from '../../tasks/domain/bundled-job-status.js';
import { chunkFrom, type ChunkDocument } from '../../tasks/mongo/chunk-document.js';
import { chunkCollection } from '../../tasks/mongo/chunk-indexes.js';
import { awaitingStatuses, awaitsFor, brokenBy, metBy, type AwaitedEnd } from '../domain/awaits-of-job.js';
import type { JobRecord } from '../domain/job.js';
import type { DependentJob, JobStanding, JobWaits, WaitingJob } from '../job-waits.js';
import { bundlesOf } from './bundles.js';
import { jobCollection } from './job-store.js';

const waitingIndex = 'waiting';

export const jobWaitIndexes: readonly IndexDefinition[] = [
  {
    collection: jobCollection,
    keys: { awaits: 1 },
    options: { name: 'awaits', partialFilterExpression: { awaits: { $exists: true } } },
  },
  // Those that wait: most jobs to come wait for none.
  {
    collection: jobCollection,
    keys: { status: 1, _id: 1 },
    options: { name: waitingIndex, partialFilterExpression: { 'awaits.0': { $exists: true } } },
  },
];

/** Which jobs wait for which, in MongoDB. */
@Injectable()
export class JobWaitStore implements JobWaits {
  private readonly jobs: Collection<JobRecord>;
  private readonly chunks: Collection<ChunkDocument>;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.jobs = store.collection<JobRecord>(jobCollection);
    this.chunks = store.collection<ChunkDocument>(chunkCollection);
  }

  async standings(jobIds: readonly string[]): Promise<Map<string, JobStanding>> {
    const ownIds = jobIds.filter((id) => placeOfBundledJob(id) === null);
    const bundles = new Set(jobIds.flatMap((id) => placeOfBundledJob(id)?.chunkId ?? []));
    const [own, documents] = await Promise.all([
      ownIds.length === 0 ? [] : this.jobs.find({ _id: { $in: ownIds } }, { projection: { status: 1, tenant: 1 } }).toArray(),
      bundles.size === 0 ? [] : bundlesOf(this.chunks, [...bundles]).toArray(),
    ]);
    const standings = new Map(own.map(({ _id, status, tenant }): [string, JobStanding] => [_id, { status, tenant }]));
    const wanted = new Set(jobIds);
    for (const chunk of documents.map(chunkFrom)) {
      for (const [index, job] of (chunk.identity.jobs ?? []).entries()) {
        if (!job || !wanted.has(job.id)) continue;
        standings.set(job.id, { status: bundledJobStatus(chunk, index), tenant: job.tenant ?? DEFAULT_TENANT });
      }
    }
    return standings;
  }

  async settle(ends: readonly AwaitedEnd[], now: Date, only?: string): Promise<void> {
    await this.leader.assertLeading();
    const ofJob = { status: { $in: [...awaitingStatuses] }, ...(only === undefined ? {} : { _id: only }) };
    for (const end of ends) {
      const broken = brokenBy(end);
      if (broken === null) continue;
      const given_up = { job_id: end.jobId, became: end.became };
      await this.jobs.updateMany({ ...ofJob, awaits: broken }, { $set: { awaits: [], given_up, wake_at: now } }, durable);
    }
    const met = ends.flatMap(metBy);
    if (met.length === 0) return;
    const left = { $filter: { input: '$awaits', cond: { $not: [{ $in: ['$$this', met] }] } } };
    const ifFree = (then: Date, before: string) => {
      return { $cond: [{ $eq: [{ $size: '$awaits' }, 0] }, then, { $ifNull: [before, '$$REMOVE'] }] };
    };
    const change = [
      { $set: { awaits: left } },
      { $set: { wake_at: ifFree(now, '$wake_at'), freed_at: ifFree(now, '$freed_at') } },
    ];
    await this.jobs.updateMany({ ...ofJob, awaits: { $in: met } }, change, durable);
  }

  async waiting(afterId: string, limit: number): Promise<WaitingJob[]> {
    const found = await this.jobs
      .find(
        { _id: { $gt: afterId }, status: { $in: [...awaitingStatuses] }, 'awaits.0': { $exists: true } },
        { projection: { awaits: 1 }, hint: waitingIndex },
      )
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, awaits = [] }) => ({ _id, awaits }));
  }

  async waitingFor(jobIds: readonly string[], limit: number): Promise<DependentJob[]> {
    const found = await this.jobs
      .find(
        { awaits: { $in: awaitsFor(jobIds) }, status: { $in: [...awaitingStatuses] } },
        { projection: { awaits: 1, status: 1, tenant: 1, parent_job_id: 1 } },
      )
      .limit(limit)
      .toArray();
    return found.map((job) => ({ ...job, awaits: job.awaits ?? [] }));
  }
}
