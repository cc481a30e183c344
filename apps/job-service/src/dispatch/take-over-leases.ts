import { Injectable } from '@nestjs/common';
import { ChunkRecord } from '../tasks/chunk-record.js';
import { ReadyQueues } from './ready-queues.js';
import { TaskEngine } from './task-engine.js';

/** Chunks read at once. */
const groupMax = 100;

/**
 * Takes over the leases that an earlier leader gave: their workers are expected to be heard of, and if they are not, their
 * tasks run elsewhere. A last write of that leader may arrive when this one leads already, so it is done now and then.
 */
@Injectable()
export class TakeOverLeases {
  constructor(
    private readonly record: ChunkRecord,
    private readonly engine: TaskEngine,
    private readonly queues: ReadyQueues,
  ) {}

  async execute(): Promise<void> {
    const ids = await this.record.leasedBefore();
    for (let from = 0; from < ids.length; from += groupMax) {
      await this.engine.withChunks(ids.slice(from, from + groupMax), (chunks) => {
        for (const chunk of chunks) if (chunk.count('ready') > 0) this.queues.offer(chunk);
      });
    }
  }
}
