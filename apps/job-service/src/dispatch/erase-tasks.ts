import { Injectable } from '@nestjs/common';
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
  ) {}

  /** All tasks of a job that is being deleted. */
  async ofJob(jobId: string): Promise<void> {
    await this.letGo(jobId);
    while ((await this.removal.removeSome(jobId, groupMax)) > 0);
    // Whoever was late may have read some in meanwhile.
    await this.letGo(jobId);
  }

  /** Those at places of a bundle whose jobs have ended; the bundle goes with the last of its jobs. */
  async at(chunkId: string, indexes: readonly number[]): Promise<void> {
    const empty: Chunk[] = [];
    await this.engine.changeAll(
      [chunkId],
      (chunk) => eraseBundledJobs(chunk, indexes) > 0,
      (chunk) => {
        if (isEmptyBundle(chunk)) empty.push(chunk);
      },
    );
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
