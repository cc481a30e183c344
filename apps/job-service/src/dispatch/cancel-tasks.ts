import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { ChunkSearch } from '../tasks/chunk-search.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { cancelTasks } from '../tasks/domain/recovery-moves.js';
import { WorkSender } from './nats/work-sender.js';
import { TaskEngine } from './task-engine.js';

const groupMax = 32;

/** Cancels tasks: what waits ends now, what runs is asked to stop. */
@Injectable()
export class CancelTasks {
  constructor(
    private readonly search: ChunkSearch,
    private readonly engine: TaskEngine,
    private readonly sender: WorkSender,
    private readonly clock: Clock,
  ) {}

  /** All tasks of a job whose status says so; also done at the start, for a walk that a crash cut short. */
  async ofJob(jobId: string): Promise<void> {
    const ids = await this.search.unsettledIdsOf(jobId);
    for (let from = 0; from < ids.length; from += groupMax) {
      await this.cancel(ids.slice(from, from + groupMax), ({ identity }) =>
        Array.from({ length: identity.count }, (_, index) => index),
      );
    }
  }

  /** One task of a chunk. */
  async at(chunkId: string, index: number): Promise<void> {
    await this.cancel([chunkId], () => [index]);
  }

  private async cancel(ids: readonly string[], indexesOf: (chunk: Chunk) => number[]): Promise<void> {
    await this.engine.changeAll(
      ids,
      (chunk) => cancelTasks(chunk, indexesOf(chunk), this.clock.now()),
      (chunk, held) => this.sender.stop('cancel', chunk, held),
    );
  }
}
