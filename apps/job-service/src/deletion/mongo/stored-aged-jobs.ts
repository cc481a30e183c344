import { Injectable } from '@nestjs/common';
import { MongoServerError, type Collection } from 'mongodb';
import { finishedJobStatuses, isFinished } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { stepCollection } from '../../steps/mongo/step-store.js';
import { chunkFrom, type ChunkDocument } from '../../tasks/mongo/chunk-document.js';
import { chunkCollection } from '../../tasks/mongo/chunk-indexes.js';
import type { AgedJob, AgedJobs } from '../aged-jobs.js';
import type { JobRecord } from '../../jobs/domain/job.js';
import { viewBundledJob } from '../../jobs/domain/job-view.js';
import { bundlesOf, chunkIdsMax, uuidLength, uuidOf } from '../../jobs/mongo/bundles.js';
import { jobCollection } from '../../jobs/mongo/job-store.js';

const ownedMax = 256;
/** Each may hold 256 jobs. */
const bundlesMax = 32;

/** The jobs that have ended, from the record in MongoDB. */
@Injectable()
export class StoredAgedJobs implements AgedJobs {
  private readonly jobs: Collection<JobRecord>;
  private readonly chunks: Collection<ChunkDocument>;
  private readonly steps: Collection;

  constructor(store: Store) {
    this.jobs = store.collection<JobRecord>(jobCollection);
    this.chunks = store.collection<ChunkDocument>(chunkCollection);
    this.steps = store.collection(stepCollection);
  }

  async page(after: string, before: string): Promise<{ jobs: AgedJob[]; last: string | null }> {
    const [owned, chunkIds] = await Promise.all([this.owned(after, before), this.chunkIds(after, before)]);
    const firsts = chunkIds.filter((id) => id.endsWith('.0'));
    const candidates = firsts.slice(0, bundlesMax);
    // What lies beyond the end of a list that was cut is looked at with the next page.
    const ends = [
      ...(owned.length === ownedMax ? [uuidOf(owned.at(-1)?._id ?? '')] : []),
      ...(chunkIds.length === chunkIdsMax ? [(chunkIds.at(-1) ?? '').slice(0, uuidLength)] : []),
      ...(candidates.length < firsts.length ? [(candidates.at(-1) ?? '').slice(0, uuidLength)] : []),
    ];
    const last = ends.length === 0 ? null : ends.reduce((least, end) => (end < least ? end : least));
    const isWithin = (uuid: string): boolean => last === null || uuid <= last;
    const bundled = await this.bundled(candidates.filter((id) => isWithin(id.slice(0, uuidLength))));
    const ofOwned = owned
      .filter(({ _id }) => isWithin(uuidOf(_id)))
      .map(({ _id, type, status, finished_at, created_at }) => {
        return { jobId: _id, type, status, endedAt: Date.parse(finished_at ?? created_at) };
      });
    return { jobs: [...ofOwned, ...bundled], last };
  }

  async bytes(): Promise<number> {
    const sizes = [this.jobs, this.chunks, this.steps].map(async (collection: Pick<Collection, 'aggregate'>) => {
      const [stats] = await collection
        .aggregate<{ storageStats: { size: number } }>([{ $collStats: { storageStats: {} } }])
        .toArray()
        // The collection of steps is made with the first of them.
        .catch((error: unknown) => {
          if (error instanceof MongoServerError && error.codeName === 'NamespaceNotFound') return [];
          throw error;
        });
      return stats?.storageStats.size ?? 0;
    });
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  private owned(after: string, before: string) {
    return this.jobs
      .find(
        { _id: { $gt: `job_${after}`, $lt: `job_${before}` }, status: { $in: [...finishedJobStatuses] } },
        { projection: { type: 1, status: 1, finished_at: 1, created_at: 1 } },
      )
      .sort({ _id: 1 })
      .limit(ownedMax)
      .toArray();
  }

  private async chunkIds(after: string, before: string): Promise<string[]> {
    // A slash comes just after the dot of ids that begin with the UUID.
    const found = await this.chunks
      .find({ _id: { $gt: `${after}/`, $lt: before } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(chunkIdsMax)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  private async bundled(ids: readonly string[]): Promise<AgedJob[]> {
    if (ids.length === 0) return [];
    const documents = await bundlesOf(this.chunks, ids).toArray();
    return documents.map(chunkFrom).flatMap((chunk) =>
      (chunk.identity.jobs ?? []).flatMap((_, index) => {
        const job = viewBundledJob(chunk, index);
        if (!job || !isFinished(job.status)) return [];
        return [{ jobId: job.id, type: job.type, status: job.status, endedAt: Date.parse(job.finished_at ?? job.created_at) }];
      }),
    );
  }
}
