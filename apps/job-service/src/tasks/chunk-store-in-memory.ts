import { brokenTaskStates, type TaskCounts, type TaskState } from '@kintsugi/contracts';
import { ChunkRecordInMemory, copyOf } from './chunk-record-in-memory.js';
import type { BundleMoment, BundleTotals } from './bundle-totals.js';
import type { ChunkRemoval } from './chunk-removal.js';
import type { ChunkSearch, PageOrder } from './chunk-search.js';
import type { ChunkSums, ChunkTotals } from './chunk-totals.js';
import type { Chunk } from './domain/chunk.js';
import { chunkDocument, forGood, type ChunkDocument } from './mongo/chunk-document.js';
import type { StagedChunk, StagedChunks, StagedCounts, StagedOwner } from './staged-chunks.js';

const personStates = brokenTaskStates.filter((state) => state !== 'dead');

/** All of the store of chunks without a database, for specs. */
export class ChunkStoreInMemory
  extends ChunkRecordInMemory
  implements ChunkTotals, BundleTotals, StagedChunks, ChunkSearch, ChunkRemoval
{
  hold(): Promise<BundleMoment> {
    return this.reach(() => {
      const counts = new Map<string, TaskCounts>();
      for (const { job_id: jobId, queue, open, tally } of this.live()) {
        if (jobId !== null || open === 0) continue;
        const sum = counts.get(queue) ?? {};
        counts.set(queue, sum);
        for (const [state, count] of Object.entries(tally) as [TaskState, number][]) sum[state] = (sum[state] ?? 0) + count;
      }
      return { read: () => this.reach(() => counts), end: () => Promise.resolve() };
    });
  }

  sums(jobIds: readonly string[]): Promise<Map<string, ChunkSums>> {
    return this.reach(() => {
      const sums = new Map<string, ChunkSums>();
      for (const { job_id: jobId, sequence, tally, ...document } of this.live()) {
        if (jobId === null || sequence < 0 || !jobIds.includes(jobId)) continue;
        const sum = sums.get(jobId) ?? { counts: {}, chunks: 0, first_try: 0, recovered: 0, retries: 0 };
        sums.set(jobId, sum);
        sum.chunks += 1;
        for (const field of ['first_try', 'recovered', 'retries'] as const) sum[field] += document[field];
        for (const [state, count] of Object.entries(tally) as [TaskState, number][]) {
          sum.counts[state] = (sum.counts[state] ?? 0) + count;
        }
      }
      return sums;
    });
  }

  planStates(jobIds: readonly string[]): Promise<Map<string, TaskState>> {
    return this.reach(() => {
      const plans = this.all().filter(({ job_id, sequence }) => sequence === -1 && jobIds.includes(job_id ?? ''));
      return new Map(plans.map((document) => [document.job_id ?? '', copyOf(document).stateOf(0)]));
    });
  }

  async stage(staged: readonly StagedChunk[]): Promise<void> {
    await this.sure();
    await this.reach(() => {
      for (const { change, stagedAt, planFence } of staged) {
        const { id } = change.chunk;
        const known = this.stored.get(id);
        if (known && !known.staged_at) continue;
        const plan = planFence === undefined ? {} : { plan_fence: planFence };
        this.stored.set(id, { ...chunkDocument(change, 0), staged_at: new Date(stagedAt), ...plan });
      }
    });
  }

  countStaged(jobId: string, planFence?: number): Promise<StagedCounts> {
    return this.reach(() => {
      const found = this.stagedOf(jobId).filter(({ plan_fence }) => planFence === undefined || plan_fence === planFence);
      return {
        chunks: found.length,
        tasks: found.reduce((sum, { count }) => sum + count, 0),
        blocked: found.reduce((sum, { tally }) => sum + (tally.blocked ?? 0), 0),
      };
    });
  }

  jobsWithStaged(): Promise<Set<string>> {
    return this.reach(
      () => new Set(this.all().flatMap(({ staged_at, job_id }) => (staged_at && staged_at < forGood ? (job_id ?? []) : []))),
    );
  }

  async openStaged(jobId: string, given: StagedOwner, isPlanning = false): Promise<void> {
    await this.sure();
    await this.reach(() => {
      for (const document of this.stagedOf(jobId)) {
        if (isPlanning && document.plan_fence !== undefined) continue;
        const { staged_at: _staged, plan_fence: _fence, ...real } = document;
        this.stored.set(document._id, { ...real, ...given, version: document.version + 1 });
      }
    });
  }

  async keepStaged(jobId: string): Promise<void> {
    await this.sure();
    await this.reach(() => {
      for (const document of this.stagedOf(jobId)) this.stored.set(document._id, { ...document, staged_at: forGood });
    });
  }

  async dropStaged(jobId: string, exceptPlanFence?: number): Promise<number> {
    await this.sure();
    return this.reach(() => {
      const isKept = (fence: number | undefined): boolean => exceptPlanFence !== undefined && fence === exceptPlanFence;
      const dropped = this.stagedOf(jobId).filter(({ plan_fence }) => !isKept(plan_fence));
      for (const { _id } of dropped) this.stored.delete(_id);
      return dropped.length;
    });
  }

  async removeSome(jobId: string, limit: number): Promise<number> {
    await this.sure();
    return this.reach(() => {
      const some = this.all().filter(({ job_id }) => job_id === jobId);
      for (const { _id } of some.slice(0, limit)) this.stored.delete(_id);
      return Math.min(some.length, limit);
    });
  }

  async removeEmptyBundle(chunkId: string): Promise<void> {
    await this.sure();
    await this.reach(() => {
      if (this.stored.get(chunkId)?.jobs?.every((job) => job === null)) this.stored.delete(chunkId);
    });
  }

  unsettledIdsOf(jobId: string): Promise<string[]> {
    return this.idsWhere(({ job_id, open, tally }) => job_id === jobId && (open > 0 || (tally.outcome_unknown ?? 0) > 0));
  }

  page(jobId: string, from: number, state: TaskState | null, limit: number, order: PageOrder = 'asc'): Promise<Chunk[]> {
    return this.reach(() => {
      const isReached = (at: number): boolean => (order === 'asc' ? at >= from : at >= 0 && at <= from);
      const found = this.live().filter(({ job_id, sequence }) => job_id === jobId && isReached(sequence));
      const wanted = found.filter(({ tally }) => state === null || (tally[state] ?? 0) > 0);
      return wanted
        .sort((one, other) => (order === 'asc' ? 1 : -1) * (one.sequence - other.sequence))
        .slice(0, limit)
        .map(copyOf);
    });
  }

  oldestReady(except: readonly string[] = []): Promise<{ queue: string; acceptedAt: number }[]> {
    return this.reach(() => {
      const oldest = new Map<string, number>();
      for (const { queue, job_id, ready, accepted_at } of this.live()) {
        if (ready > 0 && !except.includes(job_id ?? '')) oldest.set(queue, Math.min(accepted_at, oldest.get(queue) ?? Infinity));
      }
      return [...oldest].map(([queue, acceptedAt]) => ({ queue, acceptedAt }));
    });
  }

  withOutbox(before: number, limit: number): Promise<Chunk[]> {
    return this.reach(() => {
      const found = this.live().filter(({ outbox }) => outbox.some(({ at }) => at < before));
      return found.slice(0, limit).map(copyOf);
    });
  }

  async clearOutbox(chunkIds: readonly string[], eventIds: readonly string[]): Promise<void> {
    await this.reach(() => {
      for (const id of chunkIds) {
        const known = this.stored.get(id);
        if (!known) continue;
        this.stored.set(id, { ...known, outbox: known.outbox.filter((entry) => !eventIds.includes(entry.id)) });
      }
    });
  }

  async setPriority(jobId: string, priority: number, first = Infinity): Promise<void> {
    await this.sure();
    await this.reach(() => {
      const others = this.all().filter((document) => document.job_id === jobId && document.priority !== priority);
      const next = others
        .filter(({ ready }) => first === Infinity || ready > 0)
        .sort((one, other) => one.sequence - other.sequence);
      for (const document of next.slice(0, first)) this.stored.set(document._id, { ...document, priority });
    });
  }

  async undecided(limit: number): Promise<string[]> {
    return (await this.idsWhere(({ tally }) => (tally.failed ?? 0) > 0)).slice(0, limit);
  }

  waitingForPerson(): Promise<string[]> {
    return this.idsWhere(({ tally }) => personStates.some((state) => (tally[state] ?? 0) > 0));
  }

  private idsWhere(isWanted: (document: ChunkDocument) => boolean): Promise<string[]> {
    return this.reach(() =>
      this.live()
        .filter(isWanted)
        .map(({ _id }) => _id),
    );
  }

  private stagedOf(jobId: string): ChunkDocument[] {
    return this.all().filter(({ job_id, staged_at }) => job_id === jobId && staged_at !== undefined);
  }
}
