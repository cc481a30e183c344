import { Injectable } from '@nestjs/common';
import type { Collection } from 'mongodb';
import { checkedJobsMax, jobVersion, placeOfBundledJob, type BatchJob, type JobVersion } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { bundledJobStatus } from '../../tasks/domain/bundled-job-status.js';
import { bundledJobTimes } from '../../tasks/domain/bundled-job-times.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { chunkFrom, type ChunkDocument } from '../../tasks/mongo/chunk-document.js';
import { chunkCollection } from '../../tasks/mongo/chunk-indexes.js';
import type { JobRecord } from '../domain/job.js';
import { viewBundledJob, viewJob } from '../domain/job-view.js';
import { bundlesOf, chunkIdsMax, uuidLength, uuidOf } from './bundles.js';
import { jobCollection } from './job-store.js';

export interface JobsPage {
  /** The lowest UUID that the page reaches down to; what was asked for where there is no more. */
  from: string;
  jobs: JobVersion[];
}

/** The jobs as they stand on disk, by the UUIDs in their ids: what is only in memory can still be void. */
@Injectable()
export class RecordedJobs {
  private readonly chunks: Collection<ChunkDocument>;
  private readonly jobs: Collection<JobRecord>;

  constructor(store: Store) {
    this.chunks = store.collection<ChunkDocument>(chunkCollection);
    this.jobs = store.collection<JobRecord>(jobCollection);
  }

  /** The newest jobs of a range. */
  async page(from: string, before: string): Promise<JobsPage> {
    const [own, chunkIds] = await Promise.all([this.ownJobs(from, before), this.chunkIds(from, before)]);
    const uuids = new Set(own.map(({ job_id }) => uuidOf(job_id)));
    const bundles = chunkIds.filter((id) => id.endsWith('.0') && !uuids.has(id.slice(0, uuidLength)));
    // Each bundle has a job at least.
    const candidates = bundles.slice(0, checkedJobsMax);
    const cuts = [
      own.length === checkedJobsMax ? uuidOf(own.at(-1)?.job_id ?? '') : from,
      chunkIds.length === chunkIdsMax ? (chunkIds.at(-1) ?? '').slice(0, uuidLength) : from,
      candidates.length < bundles.length ? (candidates.at(-1) ?? '').slice(0, uuidLength) : from,
    ];
    const bundled = await this.bundledJobs(candidates, cuts.reduce(higher));
    const jobs = [...own, ...bundled.jobs].filter(({ job_id }) => uuidOf(job_id) >= bundled.from);
    return { from: bundled.from, jobs };
  }

  /** Those of the jobs that there are. */
  async read(jobIds: readonly string[]): Promise<BatchJob[]> {
    const places = jobIds.flatMap((id) => placeOfBundledJob(id) ?? []);
    const ownIds = jobIds.filter((id) => placeOfBundledJob(id) === null);
    const [own, chunks] = await Promise.all([
      ownIds.length === 0 ? [] : this.jobs.find({ _id: { $in: ownIds } }).toArray(),
      bundlesOf(
        this.chunks,
        places.map(({ chunkId }) => chunkId),
      ).toArray(),
    ]);
    const byId = new Map(chunks.map((document) => [document._id, chunkFrom(document)]));
    const bundled = places.flatMap(({ chunkId, index }) => {
      const chunk = byId.get(chunkId);
      return (chunk && viewBundledJob(chunk, index)) ?? [];
    });
    return [...own.map(viewJob), ...bundled];
  }

  private async ownJobs(from: string, before: string): Promise<JobVersion[]> {
    const records = await this.jobs
      .find({ _id: { $gte: `job_${from}`, $lt: `job_${before}` } }, { projection: { status: 1, started_at: 1, finished_at: 1 } })
      .sort({ _id: -1 })
      .limit(checkedJobsMax)
      .toArray();
    return records.map(({ _id, status, started_at, finished_at }) => ({
      job_id: _id,
      version: jobVersion(_id, status, epochMs(started_at), epochMs(finished_at)),
    }));
  }

  private async chunkIds(from: string, before: string): Promise<string[]> {
    const found = await this.chunks
      .find({ _id: { $gte: from, $lt: before } }, { projection: { _id: 1 } })
      .sort({ _id: -1 })
      .limit(chunkIdsMax)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  /** The jobs of bundles down to `from`, or to where they are a page's worth. */
  private async bundledJobs(ids: readonly string[], from: string): Promise<JobsPage> {
    const jobs: JobVersion[] = [];
    const wanted = ids.filter((id) => id >= from);
    const cursor = bundlesOf(this.chunks, wanted).sort({ _id: -1 }).batchSize(32);
    for await (const document of cursor) {
      jobs.push(...versionsIn(chunkFrom(document)));
      if (jobs.length >= checkedJobsMax && document._id !== wanted.at(-1)) {
        return { from: document._id.slice(0, uuidLength), jobs };
      }
    }
    return { from, jobs };
  }
}

function versionsIn(chunk: Chunk): JobVersion[] {
  return (chunk.identity.jobs ?? []).flatMap((job, index) => {
    if (!job) return [];
    const { startedAt, finishedAt } = bundledJobTimes(chunk, index);
    const finished = finishedAt === null ? null : Math.trunc(finishedAt);
    return [{ job_id: job.id, version: jobVersion(job.id, bundledJobStatus(chunk, index), startedAt, finished) }];
  });
}

function epochMs(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}

function higher(a: string, b: string): string {
  return a > b ? a : b;
}
