import { Injectable } from '@nestjs/common';
import { Faults } from '@kintsugi/hosting';
import type { ChunkChange } from './domain/chunk-change.js';
import type { Chunk, TaskSums } from './domain/chunk.js';

/** A change that is safe, and what its chunk was known to add up to before it. */
export interface WrittenChange extends ChunkChange {
  readonly known: TaskSums;
}

export interface ChunkObserver {
  /** A chunk has come into memory. */
  entered?(chunk: Chunk): void;
  /** A change of a chunk is safe. */
  written?(change: WrittenChange): void;
  /** Somebody else has changed a chunk: what was changed in memory is void, and it is read again. */
  conflicted?(chunk: Chunk): void;
}

/**
 * What becomes of chunks, for all who want to know. They are told in the order in which they began to observe: a part
 * that is built on another is told after it.
 */
@Injectable()
export class ChunkChanges {
  private readonly observers: ChunkObserver[] = [];

  constructor(private readonly faults: Faults) {}

  observe(observer: ChunkObserver): void {
    this.observers.push(observer);
  }

  tellEntered(chunk: Chunk): void {
    this.tell((observer) => observer.entered?.(chunk));
  }

  tellWritten(change: WrittenChange): void {
    this.tell((observer) => observer.written?.(change));
  }

  tellConflicted(chunk: Chunk): void {
    this.tell((observer) => observer.conflicted?.(chunk));
  }

  /** What one observer makes of it cannot keep the others from theirs. */
  private tell(notice: (observer: ChunkObserver) => void): void {
    for (const observer of this.observers) {
      try {
        notice(observer);
      } catch (error) {
        this.faults.report(error);
      }
    }
  }
}
