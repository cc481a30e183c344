import type { BatchJob, JobStatus, TaskState } from '@kintsugi/contracts';
import { mayMakeMove } from '../jobs/domain/job-lifecycle.js';
import { viewBundledJob } from '../jobs/domain/job-view.js';
import type { PageOrder } from '../tasks/chunk-search.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import type { Asked } from '../tasks/domain/pause-moves.js';
import type { AskedMove, JobHandle, MoveParts } from './job-handle.js';

/** A job of one task at a place of a bundle. It has no record: what its task is makes it what it is. */
export class BundledJob implements JobHandle {
  private readonly opened: BatchJob;

  private constructor(
    private readonly chunk: Chunk,
    private readonly index: number,
    opened: BatchJob,
    private readonly parts: MoveParts,
  ) {
    this.opened = opened;
  }

  /** Null where the bundle has no job at the place. */
  static at(chunk: Chunk, index: number, parts: MoveParts): BundledJob | null {
    const opened = viewBundledJob(chunk, index);
    return opened && new BundledJob(chunk, index, opened, parts);
  }

  get id(): string {
    return this.opened.id;
  }

  get status(): JobStatus {
    return this.opened.status;
  }

  get traceparent(): string | undefined {
    return this.chunk.identity.jobs?.[this.index]?.traceparent;
  }

  view(): BatchJob {
    return this.opened;
  }

  async apply(move: AskedMove, asked: Asked): Promise<boolean> {
    const { chunk, index, status } = this;
    const { cancelTasks, pauseTasks } = this.parts;
    switch (move) {
      case 'cancel':
        if (status !== 'cancelling' && status !== 'cancelled' && !mayMakeMove(status, move)) return false;
        await cancelTasks.at(chunk.id, index);
        return true;
      case 'pause':
        if (status !== 'paused' && !(await pauseTasks.pauseAt(chunk.id, index, asked))) return false;
        if (asked.stop) await pauseTasks.askBackAt(chunk.id, index);
        return true;
      case 'resume':
        return pauseTasks.resumeAt(chunk.id, index, asked);
    }
  }

  prioritise(priority: number, by: string): Promise<boolean> {
    return this.parts.prioritiseTasks.at(this.chunk.id, this.index, priority, by);
  }

  async chunks(fromSequence: number, state: TaskState | null, _limit: number, order: PageOrder = 'asc'): Promise<Chunk[]> {
    const { chunk, index } = this;
    const isReached = order === 'asc' ? fromSequence === 0 : fromSequence >= 0;
    return isReached && (state === null || chunk.stateOf(index) === state) ? [chunk] : [];
  }

  placesIn(): { from: number; to: number } {
    return { from: this.index, to: this.index + 1 };
  }
}
