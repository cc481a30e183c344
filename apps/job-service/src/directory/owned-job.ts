import type { BatchJob, JobStatus, TaskState } from '@kintsugi/contracts';
import type { CancelTasks } from '../dispatch/cancel-tasks.js';
import { viewJob } from '../jobs/domain/job-view.js';
import type { JobRecord } from '../jobs/domain/job.js';
import type { JobLedger } from '../jobs/job-ledger.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import type { ChunkSearch } from '../tasks/chunk-search.js';
import type { AskedMove, JobHandle } from './job-handle.js';

/** A job with a record and chunks of its own. */
export class OwnedJob implements JobHandle {
  constructor(
    private readonly record: JobRecord,
    private readonly search: ChunkSearch,
    private readonly ledger: JobLedger,
    private readonly cancelTasks: CancelTasks,
  ) {}

  get id(): string {
    return this.record._id;
  }

  get status(): JobStatus {
    return this.record.status;
  }

  view(): BatchJob {
    return viewJob(this.record);
  }

  apply(move: AskedMove): Promise<boolean> {
    const { id, ledger } = this;
    return ledger.hold([id], async () => {
      const entry = ledger.get(id);
      if (!entry || (!entry.isCancelling && !(await ledger.move(entry, move)))) return false;
      await this.cancelTasks.ofJob(id);
      ledger.settle(id);
      return true;
    });
  }

  chunks(fromSequence: number, state: TaskState | null, limit: number): Promise<Chunk[]> {
    return this.search.page(this.id, fromSequence, state, limit);
  }

  placesIn(chunk: Chunk): { from: number; to: number } {
    return { from: 0, to: chunk.identity.count };
  }
}
