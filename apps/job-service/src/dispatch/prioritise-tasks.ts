import { Injectable } from '@nestjs/common';
import { planQueueOf } from '@kintsugi/contracts';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobRecords } from '../jobs/job-records.js';
import { Clock } from '../platform/clock.js';
import { ChunkSearch } from '../tasks/chunk-search.js';
import { prioritiseBundledJob } from '../tasks/domain/task-priorities.js';
import { ReadyQueues } from './ready-queues.js';
import { TaskEngine } from './task-engine.js';

/** Chunks whose priority is set before the others: as many as dispatch asks the store for. */
const firstChunks = 32;

/** What the priority of a job means for its tasks: where its chunks stand among others, in memory and in the store. */
@Injectable()
export class PrioritiseTasks {
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(
    private readonly jobs: JobRecords,
    private readonly ledger: JobLedger,
    private readonly search: ChunkSearch,
    private readonly queues: ReadyQueues,
    private readonly engine: TaskEngine,
    private readonly clock: Clock,
  ) {}

  /** Sets the priority of a job with a record; false where nothing of it is to run any more. */
  ofJob(entry: LedgerEntry, priority: number, by: string): Promise<boolean> {
    return this.inTurn(entry.job._id, async () => {
      if (!(await this.ledger.setPriority(entry, priority, by))) return false;
      await this.move(entry);
      return true;
    });
  }

  /** Has all chunks of a job follow its record: also done at the start, and for chunks that have just become real. */
  follow(entry: LedgerEntry): Promise<void> {
    return this.inTurn(entry.job._id, () => this.move(entry));
  }

  /** Sets the priority of the job at a place of a bundle; false where nothing of it is to run any more. */
  async at(chunkId: string, index: number, priority: number, by: string): Promise<boolean> {
    let isMade = false;
    await this.engine.changeAll(
      [chunkId],
      (chunk) => prioritiseBundledJob(chunk, index, priority, by, this.clock.now()),
      (_, made) => {
        isMade = made;
      },
    );
    return isMade;
  }

  private async move({ job: { _id: jobId, type, priority } }: LedgerEntry): Promise<void> {
    const { queues, search, jobs } = this;
    queues.reprioritise(jobId);
    for (const first of [firstChunks, undefined]) {
      await search.setPriority(jobId, priority, first);
      queues.outrun(type);
      queues.outrun(planQueueOf(type));
    }
    await jobs.notePriorityMoved(jobId, priority);
  }

  /** One after the other for each job: the last that was asked for is what all of it comes to. */
  private inTurn<Result>(jobId: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (this.underWay.get(jobId) ?? Promise.resolve()).then(work, work);
    this.underWay.set(jobId, turn);
    return turn.finally(() => {
      if (this.underWay.get(jobId) === turn) this.underWay.delete(jobId);
    });
  }
}
