import type { BatchJob, JobStatus, TaskState } from '@kintsugi/contracts';
import { viewJob } from '../jobs/domain/job-view.js';
import type { JobMove } from '../jobs/domain/job-lifecycle.js';
import type { JobRecord } from '../jobs/domain/job.js';
import type { LedgerEntry } from '../jobs/domain/ledger-entry.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import type { ChunkSearch, PageOrder } from '../tasks/chunk-search.js';
import type { Asked } from '../tasks/domain/pause-moves.js';
import type { AskedMove, JobHandle, MoveParts } from './job-handle.js';

/** A job with a record and chunks of its own. */
export class OwnedJob implements JobHandle {
  constructor(
    private readonly record: JobRecord,
    private readonly search: ChunkSearch,
    private readonly ledger: JobLedger,
    private readonly parts: MoveParts,
  ) {}

  get id(): string {
    return this.record._id;
  }

  get status(): JobStatus {
    return this.record.status;
  }

  get traceparent(): string | undefined {
    return this.record.traceparent;
  }

  view(): BatchJob {
    return viewJob(this.record);
  }

  apply(move: AskedMove, asked: Asked): Promise<boolean> {
    const { id, ledger } = this;
    return ledger.hold([id], async () => {
      const entry = ledger.get(id);
      if (!entry || !(await this.make(entry, move, asked))) return false;
      ledger.settle(id);
      return true;
    });
  }

  prioritise(priority: number, by: string): Promise<boolean> {
    const { id, ledger, parts } = this;
    return ledger.hold([id], async () => {
      const entry = ledger.get(id);
      return entry !== undefined && parts.prioritiseTasks.ofJob(entry, priority, by);
    });
  }

  private async make(entry: LedgerEntry, move: AskedMove, asked: Asked): Promise<boolean> {
    const { id, ledger } = this;
    const { cancelTasks, pauseTasks, openTasks, queues } = this.parts;
    switch (move) {
      case 'cancel':
        if (!entry.isCancelling && !(await ledger.move(entry, move))) return false;
        // Before its time its tasks are not there to be cancelled.
        if (entry.job.opened) await cancelTasks.ofJob(id);
        else await openTasks.execute(entry.job);
        return true;
      case 'pause':
        if (entry.job.status !== 'paused' && !(await ledger.move(entry, move, asked))) return false;
        if (asked.stop) await pauseTasks.askBackOf(id);
        return true;
      case 'resume':
        if (!(await ledger.move(entry, resumptionOf(entry), asked))) return false;
        queues.noteRoom(id);
        return true;
    }
  }

  chunks(fromSequence: number, state: TaskState | null, limit: number, order?: PageOrder): Promise<Chunk[]> {
    return this.search.page(this.id, fromSequence, state, limit, order);
  }

  placesIn(chunk: Chunk): { from: number; to: number } {
    return { from: 0, to: chunk.identity.count };
  }
}

function resumptionOf(entry: LedgerEntry): JobMove {
  if (entry.isToCome) return 'resume_scheduled';
  return entry.hasBegun ? 'resume' : 'resume_unbegun';
}
