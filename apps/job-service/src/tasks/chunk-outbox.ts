import { Injectable } from '@nestjs/common';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { traceparentOfAttempt } from './attempt-traces.js';
import { ChunkChanges } from './chunk-changes.js';
import { ChunkSearch } from './chunk-search.js';
import type { Chunk, OutboxEntry } from './domain/chunk.js';
import { eventDataOf } from './domain/chunk-events.js';

/** Publishes the events that chunks promise, once the promise is written, and has the promise removed when they are out. */
@Injectable()
export class ChunkOutbox {
  constructor(
    private readonly relay: OutboxRelay,
    search: ChunkSearch,
    changes: ChunkChanges,
  ) {
    relay.clearWith('chunk', (chunkIds, eventIds) => search.clearOutbox(chunkIds, eventIds));
    changes.observe({
      written: ({ chunk, promised }) => {
        for (const entry of promised) this.publish(chunk, entry);
      },
    });
  }

  publish(chunk: Chunk, entry: OutboxEntry): void {
    const data = eventDataOf(chunk, entry);
    this.relay.publish({
      ...entry,
      about: chunk.identity.jobId ?? `bundle_${chunk.id}`,
      owner: { kind: 'chunk', id: chunk.id },
      data: () => data,
      traceparent: entry.name.startsWith('task.') ? traceparentOfAttempt(chunk, entry.indexes) : undefined,
    });
  }
}
