import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import type { Chunk } from '../tasks/domain/chunk.js';
import { askBack, pauseBundledJob, resumeBundledJob, type Asked } from '../tasks/domain/pause-moves.js';
import { LiveChunks } from '../tasks/live-chunks.js';
import { WorkSender } from './nats/work-sender.js';
import { TaskEngine } from './task-engine.js';

/** What a pause means for tasks: those in a bundle are held back one by one, and what runs is asked for where a person wants it back. */
@Injectable()
export class PauseTasks {
  constructor(
    private readonly live: LiveChunks,
    private readonly engine: TaskEngine,
    private readonly sender: WorkSender,
    private readonly clock: Clock,
  ) {}

  /** Gives whether the job at the place is paused by this. */
  async pauseAt(chunkId: string, index: number, asked: Asked): Promise<boolean> {
    return this.changeAt(chunkId, (chunk) => pauseBundledJob(chunk, index, asked, this.clock.now()));
  }

  /** Gives whether the job at the place goes on by this. */
  async resumeAt(chunkId: string, index: number, asked: Asked): Promise<boolean> {
    return this.changeAt(chunkId, (chunk) => resumeBundledJob(chunk, index, asked, this.clock.now()));
  }

  /** Asks for one task back, if a worker holds it. */
  async askBackAt(chunkId: string, index: number): Promise<void> {
    await this.askBack([chunkId], () => [index]);
  }

  /** Asks for all tasks of a job back that workers hold: a chunk with such tasks is in memory. */
  async askBackOf(jobId: string): Promise<void> {
    const held = [...this.live.all].filter(({ identity, state }) => identity.jobId === jobId && state.leases.length > 0);
    await this.askBack(
      held.map(({ id }) => id),
      ({ state }) => state.leases.flatMap(({ indexes }) => indexes),
    );
  }

  /** Asks once more for what has not come back: the message may have been lost, or a leader before this one has asked. */
  remind(): void {
    for (const chunk of this.live.all) {
      const asked = Object.keys(chunk.state.extras.stop).map(Number);
      if (asked.length > 0) this.sender.stop('stop', chunk, asked);
    }
  }

  private async askBack(ids: readonly string[], indexesOf: (chunk: Chunk) => number[]): Promise<void> {
    await this.engine.changeAll(
      ids,
      (chunk) => askBack(chunk, indexesOf(chunk)),
      (chunk, held) => this.sender.stop('stop', chunk, held),
    );
  }

  private async changeAt(chunkId: string, make: (chunk: Chunk) => boolean): Promise<boolean> {
    let isMade = false;
    await this.engine.changeAll([chunkId], make, (_, made) => {
      isMade = made;
    });
    return isMade;
  }
}
