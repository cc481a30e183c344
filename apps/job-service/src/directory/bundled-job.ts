import type { BatchJob, JobStatus, TaskState } from '@kintsugi/contracts';
import type { CancelTasks } from '../dispatch/cancel-tasks.js';
import { mayMakeMove } from '../jobs/domain/job-lifecycle.js';
import { viewBundledJob } from '../jobs/domain/job-view.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import type { AskedMove, JobHandle } from './job-handle.js';

/** A job of one task at a place of a bundle. It has no record: what its task is makes it what it is. */
export class BundledJob implements JobHandle {
  private readonly opened: BatchJob;

  private constructor(
    private readonly chunk: Chunk,
    private readonly index: number,
    opened: BatchJob,
    private readonly cancelTasks: CancelTasks,
  ) {
    this.opened = opened;
  }

  /** Null where the bundle has no job at the place. */
  static at(chunk: Chunk, index: number, cancelTasks: CancelTasks): BundledJob | null {
    const opened = viewBundledJob(chunk, index);
    return opened && new BundledJob(chunk, index, opened, cancelTasks);
  }

  get id(): string {
    return this.opened.id;
  }

  get status(): JobStatus {
    return this.opened.status;
  }

  view(): BatchJob {
    return this.opened;
  }

  async apply(move: AskedMove): Promise<boolean> {
    const isUnderWay = this.status === 'cancelling' || this.status === 'cancelled';
    if (!isUnderWay && !mayMakeMove(this.status, move)) return false;
    await this.cancelTasks.at(this.chunk.id, this.index);
    return true;
  }

  async chunks(fromSequence: number, state: TaskState | null): Promise<Chunk[]> {
    const { chunk, index } = this;
    return fromSequence === 0 && (state === null || chunk.stateOf(index) === state) ? [chunk] : [];
  }

  placesIn(): { from: number; to: number } {
    return { from: this.index, to: this.index + 1 };
  }
}
