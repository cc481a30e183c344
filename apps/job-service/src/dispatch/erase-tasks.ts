import { Injectable } from '@nestjs/common';
import { taskIdOf } from '@kintsugi/contracts';
import { StepRecord } from '../steps/step-record.js';
import { StepWriter } from '../steps/step-writer.js';
import { ChunkRemoval } from '../tasks/chunk-removal.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { eraseBundledJobs, isEmptyBundle } from '../tasks/domain/erase-bundled-jobs.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { ReadyQueues } from './ready-queues.js';
import { TaskEngine } from './task-engine.js';

/** Chunks removed at once: each may have a mebibyte and more. */
const groupMax = 64;

/** Removes tasks with their payloads and all that is known of them, from memory and from the store. */
@Injectable()
export class EraseTasks {
  constructor(
    private readonly live: LiveChunks,
    private readonly engine: TaskEngine,
    private readonly queues: ReadyQueues,
    private readonly removal: ChunkRemoval,
    private readonly steps: StepRecord,
    private readonly stepWriter: StepWriter,
  ) {}

  /** All tasks of a job that is being deleted. */
  async ofJob(jobId: string): Promise<void> {
    await this.letGo(jobId);
    // No lease is left under which one could be kept, but one may be on its way from before.
    await this.stepWriter.settled();
    await this.steps.removeOfJob(jobId);
    while ((await this.removal.removeSome(jobId, groupMax)) > 0);
    // Whoever was late may have read some in meanwhile.
    await this.letGo(jobId);
  }

  /** Those at places of a bundle whose jobs have ended; the bundle goes with the last of its jobs. */
  async at(chunkId: string, indexes: readonly number[]): Promise<void> {
    const empty: Chunk[] = [];
    const left = new Set<number>();
    await this.engine.changeAll(
      [chunkId],
      (chunk) => {
        const erased = eraseBundledJobs(chunk, indexes);
        for (const index of indexes) if (chunk.identity.jobs?.[index]) left.add(index);
        return erased > 0;
      },
      (chunk) => {
        if (isEmptyBundle(chunk)) empty.push(chunk);
      },
    );
    await this.stepWriter.settled();
    const gone = indexes.filter((index) => !left.has(index));
    await this.steps.removeOfTasks(gone.map((index) => taskIdOf(chunkId, index)));
    for (const chunk of empty) {
      await this.removal.removeEmptyBundle(chunkId);
      this.drop(chunk);
    }
  }

  private async letGo(jobId: string): Promise<void> {
    const ids = [...this.live.all].filter(({ identity }) => identity.jobId === jobId).map(({ id }) => id);
    // Nothing is changed, but what is being written is waited for.
    await this.engine.changeAll(ids, () => false);
    for (const id of ids) {
      const chunk = this.live.get(id);
      if (chunk) this.drop(chunk);
    }
  }

  private drop(chunk: Chunk): void {
    this.queues.remove(chunk);
    this.live.drop(chunk);
  }
}
