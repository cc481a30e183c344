import { Injectable } from '@nestjs/common';
import type { Collection, Filter } from 'mongodb';
import { chunkIdOf, taskStates, type TaskCounts, type TaskState } from '@kintsugi/contracts';
import { Store, duplicatesIn, durable } from '@kintsugi/persistence';
import { Leader } from '../../platform/leader.js';
import { standsAsWritten, type ChunkRecord, type MarkedChange } from '../chunk-record.js';
import type { ChunkRemoval } from '../chunk-removal.js';
import type { ChunkSearch, PageOrder } from '../chunk-search.js';
import type { ChunkSums, ChunkTotals } from '../chunk-totals.js';
import type { ChunkChange } from '../domain/chunk-change.js';
import { planSequence } from '../domain/chunk-sequence.js';
import type { Chunk } from '../domain/chunk.js';
import type { StagedChunk, StagedChunks, StagedCounts, StagedOwner } from '../staged-chunks.js';
import { chunkCollection } from './chunk-indexes.js';
import { chunkDocument, chunkFrom, forGood, type ChunkDocument } from './chunk-document.js';
import { applied, operationOf } from './chunk-operation.js';

const live = { staged_at: { $exists: false } } as const;

/** The chunks in MongoDB. A change of a chunk is written only over the version that it was made from. */
@Injectable()
export class ChunkStore implements ChunkRecord, ChunkTotals, StagedChunks, ChunkSearch, ChunkRemoval {
  private readonly chunks: Collection<ChunkDocument>;
  private writes = 0;

  constructor(
    store: Store,
    private readonly leader: Leader,
  ) {
    this.chunks = store.collection<ChunkDocument>(chunkCollection);
  }

  mark(change: ChunkChange): MarkedChange {
    this.writes += 1;
    return { change, epoch: this.leader.epoch, write: this.writes };
  }

  async write(group: readonly MarkedChange[]): Promise<Chunk[]> {
    await this.leader.assertLeading();
    const written = await applied(this.chunks, group.map(operationOf));
    const voided = written === group.length ? [] : await this.missing(group);
    // Whoever has been stopped since knows not what became of it: what follows from a write leaves a leader only.
    await this.leader.assertLeading();
    return voided;
  }

  async load(ids: readonly string[]): Promise<Chunk[]> {
    const documents = await this.chunks.find({ _id: { $in: [...ids] }, ...live }).toArray();
    return documents.map(chunkFrom);
  }

  async ready(queue: string, exceptIds: readonly string[], exceptJobs: readonly string[], limit: number): Promise<Chunk[]> {
    const documents = await this.chunks
      .find({
        queue,
        ready: { $gt: 0 },
        ...live,
        ...(exceptIds.length > 0 ? { _id: { $nin: [...exceptIds] } } : {}),
        ...(exceptJobs.length > 0 ? { job_id: { $nin: [...exceptJobs] } } : {}),
      })
      .sort({ priority: -1, _id: 1 })
      .limit(limit)
      .toArray();
    return documents.map(chunkFrom);
  }

  /** By a range of the index of what is ready: the ids of a job's chunks begin alike. */
  async readyOf(queue: string, jobId: string, exceptIds: readonly string[], limit: number): Promise<Chunk[]> {
    const [from, to] = rangeOfJob(jobId);
    const except = exceptIds.filter((id) => id >= from && id < to);
    const documents = await this.chunks
      .find({ queue, ready: { $gt: 0 }, _id: { $gte: from, $lt: to, $nin: except }, job_id: jobId, ...live })
      .sort({ priority: -1, _id: 1 })
      .limit(limit)
      .hint('ready')
      .toArray();
    return documents.map(chunkFrom);
  }

  async leasedBefore(): Promise<string[]> {
    const held = { 'leases.fence': { $exists: true }, leases: { $elemMatch: { lost: { $exists: false } } } };
    const documents = await this.chunks
      .find({ ...held, epoch: { $ne: this.leader.epoch } }, { projection: { _id: 1 } })
      .toArray();
    return documents.map(({ _id }) => _id);
  }

  async unsettledIdsOf(jobId: string): Promise<string[]> {
    const unsettled: Filter<ChunkDocument>[] = [{ open: { $gt: 0 } }, { 'tally.outcome_unknown': { $gt: 0 } }];
    const found = this.chunks.find({ job_id: jobId, $or: unsettled, ...live }, { projection: { _id: 1 } });
    return (await found.toArray()).map(({ _id }) => _id);
  }

  async page(jobId: string, from: number, state: TaskState | null, limit: number, order: PageOrder = 'asc'): Promise<Chunk[]> {
    const sequence = order === 'asc' ? { $gte: from } : { $gte: 0, $lte: from };
    const documents = await this.chunks
      .find({ job_id: jobId, sequence, ...live, ...(state ? { [`tally.${state}`]: { $gt: 0 } } : {}) })
      .sort({ sequence: order === 'asc' ? 1 : -1 })
      .limit(limit)
      .toArray();
    return documents.map(chunkFrom);
  }

  async sums(jobIds: readonly string[]): Promise<Map<string, ChunkSums>> {
    const rows = await this.chunks
      .aggregate<{ _id: string; chunks: number; first_try: number; recovered: number; retries: number } & Record<string, number>>(
        [
          { $match: { job_id: { $in: [...jobIds] }, sequence: { $gte: 0 }, ...live } },
          {
            $group: {
              _id: '$job_id',
              chunks: { $sum: 1 },
              first_try: { $sum: '$first_try' },
              recovered: { $sum: '$recovered' },
              retries: { $sum: '$retries' },
              ...Object.fromEntries(taskStates.map((state) => [`in_${state}`, { $sum: { $ifNull: [`$tally.${state}`, 0] } }])),
            },
          },
        ],
      )
      .toArray();
    return new Map(
      rows.map((row) => [
        row._id,
        {
          counts: Object.fromEntries(
            taskStates.map((state) => [state, row[`in_${state}`] ?? 0]).filter(([, count]) => count !== 0),
          ) as TaskCounts,
          chunks: row.chunks,
          first_try: row.first_try,
          recovered: row.recovered,
          retries: row.retries,
        },
      ]),
    );
  }

  async planStates(jobIds: readonly string[]): Promise<Map<string, TaskState>> {
    const documents = await this.chunks.find({ job_id: { $in: [...jobIds] }, sequence: planSequence }).toArray();
    return new Map(documents.map((document) => [document.job_id ?? '', chunkFrom(document).stateOf(0)]));
  }

  /** By a few looks into the index, however much waits. */
  async oldestReady(except: readonly string[] = []): Promise<{ queue: string; acceptedAt: number }[]> {
    const oldest = new Map<string, number>();
    const others: Filter<ChunkDocument> = except.length > 0 ? { job_id: { $nin: [...except] } } : {};
    let last: { queue: string; priority: number } | null = null;
    for (;;) {
      const beyond: Filter<ChunkDocument> = last
        ? { $or: [{ queue: last.queue, priority: { $lt: last.priority } }, { queue: { $gt: last.queue } }] }
        : { queue: { $gt: '' } };
      const [first] = await this.chunks
        .find({ ...beyond, ...others, ready: { $gt: 0 } }, { projection: { queue: 1, priority: 1, accepted_at: 1 } })
        .sort({ queue: 1, priority: -1, _id: 1 })
        .limit(1)
        .hint('ready')
        .toArray();
      if (!first) break;
      const { queue, priority, accepted_at: acceptedAt } = first;
      oldest.set(queue, Math.min(acceptedAt, oldest.get(queue) ?? Infinity));
      last = { queue, priority };
    }
    return [...oldest].map(([queue, acceptedAt]) => ({ queue, acceptedAt }));
  }

  async withOutbox(before: number, limit: number): Promise<Chunk[]> {
    const documents = await this.chunks
      .find({ 'outbox.at': { $lt: before }, ...live })
      .limit(limit)
      .toArray();
    return documents.map(chunkFrom);
  }

  async clearOutbox(chunkIds: readonly string[], eventIds: readonly string[]): Promise<void> {
    await this.chunks.updateMany({ _id: { $in: [...chunkIds] } }, { $pull: { outbox: { id: { $in: [...eventIds] } } } });
  }

  async setPriority(jobId: string, priority: number, first?: number): Promise<void> {
    await this.leader.assertLeading();
    const others: Filter<ChunkDocument> = { job_id: jobId, priority: { $ne: priority } };
    if (first === undefined) {
      await this.chunks.updateMany(others, { $set: { priority } }, durable);
      return;
    }
    const next = await this.chunks
      .find({ ...others, ready: { $gt: 0 } }, { projection: { _id: 1 } })
      .sort({ sequence: 1 })
      .limit(first)
      .toArray();
    await this.chunks.updateMany({ _id: { $in: next.map(({ _id }) => _id) } }, { $set: { priority } }, durable);
  }

  async undecided(limit: number): Promise<string[]> {
    const documents = await this.chunks
      .find({ 'tally.failed': { $gt: 0 }, ...live }, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    return documents.map(({ _id }) => _id);
  }

  async waitingForPerson(): Promise<string[]> {
    const unclear = { $or: [{ 'tally.outcome_unknown': { $gt: 0 } }, { 'tally.quarantined': { $gt: 0 } }] };
    const documents = await this.chunks.find({ ...unclear, ...live }, { projection: { _id: 1 } }).toArray();
    return documents.map(({ _id }) => _id);
  }

  async stage(staged: readonly StagedChunk[]): Promise<void> {
    await this.leader.assertLeading();
    const writes = staged.map(stagedDocument).map((document) => ({
      replaceOne: { filter: { _id: document._id, staged_at: { $exists: true } }, replacement: document, upsert: true },
    }));
    try {
      await this.chunks.bulkWrite(writes, { ordered: false, ...durable });
    } catch (error) {
      duplicatesIn(error);
    }
  }

  async countStaged(jobId: string, planFence?: number): Promise<StagedCounts> {
    const fence = planFence === undefined ? {} : { plan_fence: planFence };
    const filter: Filter<ChunkDocument> = { job_id: jobId, staged_at: { $exists: true }, ...fence };
    const [row] = await this.chunks
      .aggregate<StagedCounts>([
        { $match: filter },
        { $group: { _id: null, chunks: { $sum: 1 }, tasks: { $sum: '$count' }, blocked: { $sum: '$tally.blocked' } } },
      ])
      .toArray();
    return { chunks: row?.chunks ?? 0, tasks: row?.tasks ?? 0, blocked: row?.blocked ?? 0 };
  }

  async jobsWithStaged(): Promise<Set<string>> {
    const ids = await this.chunks.distinct('job_id', { staged_at: { $lt: forGood } });
    return new Set(ids.filter((id) => id !== null));
  }

  async openStaged(jobId: string, given: StagedOwner, isPlanning = false): Promise<void> {
    await this.leader.assertLeading();
    await this.chunks.updateMany(
      { job_id: jobId, staged_at: { $exists: true }, ...(isPlanning ? { plan_fence: { $exists: false } } : {}) },
      { $set: given, $unset: { staged_at: '', plan_fence: '' }, $inc: { version: 1 } },
      durable,
    );
  }

  async keepStaged(jobId: string): Promise<void> {
    await this.leader.assertLeading();
    await this.chunks.updateMany({ job_id: jobId, staged_at: { $exists: true } }, { $set: { staged_at: forGood } }, durable);
  }

  async dropStaged(jobId: string, exceptPlanFence?: number): Promise<number> {
    await this.leader.assertLeading();
    const result = await this.chunks.deleteMany({
      job_id: jobId,
      staged_at: { $exists: true },
      ...(exceptPlanFence === undefined ? {} : { plan_fence: { $ne: exceptPlanFence } }),
    });
    return result.deletedCount;
  }

  async removeSome(jobId: string, limit: number): Promise<number> {
    await this.leader.assertLeading();
    const some = await this.chunks
      .find({ job_id: jobId }, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    const { deletedCount } = await this.chunks.deleteMany({ _id: { $in: some.map(({ _id }) => _id) } }, durable);
    return deletedCount;
  }

  async removeEmptyBundle(chunkId: string): Promise<void> {
    await this.leader.assertLeading();
    await this.chunks.deleteOne({ _id: chunkId, job_id: null, jobs: { $not: { $elemMatch: { $ne: null } } } }, durable);
  }

  async missing(group: readonly MarkedChange[]): Promise<Chunk[]> {
    const found = await this.chunks
      .find({ _id: { $in: group.map(({ change }) => change.chunk.id) } }, { projection: { epoch: 1, write: 1 } })
      .toArray();
    const known = new Map(found.map((document) => [document._id, document]));
    return group
      .filter((marked) => !standsAsWritten(known.get(marked.change.chunk.id), marked))
      .map(({ change }) => change.chunk);
  }
}

/** Between which ids those of a job's chunks lie: the sign after the dot that each has in them comes next. */
function rangeOfJob(jobId: string): [from: string, to: string] {
  const [from, to] = [chunkIdOf(jobId, 0).slice(0, -1), chunkIdOf(jobId, 0).slice(0, -2)];
  return [from, `${to}/`];
}

function stagedDocument({ change, stagedAt, planFence }: StagedChunk): ChunkDocument {
  const document = { ...chunkDocument(change, 0), staged_at: new Date(stagedAt) };
  return planFence === undefined ? document : { ...document, plan_fence: planFence };
}
