import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module.js';
import { ChunkChanges } from './chunk-changes.js';
import { ChunkOutbox } from './chunk-outbox.js';
import { ChunkRecord } from './chunk-record.js';
import { ChunkWriter } from './chunk-writer.js';
import { LiveChunks } from './live-chunks.js';
import { ChunkStore } from './mongo/chunk-store.js';
import { TaskStats } from './task-stats.js';

/** Chunks of tasks: in memory, on their way to the record, and in it. */
@Module({
  imports: [OutboxModule],
  providers: [
    ChunkStore,
    { provide: ChunkRecord, useExisting: ChunkStore },
    ...[ChunkChanges, ChunkWriter, LiveChunks, ChunkOutbox, TaskStats],
  ],
  exports: [ChunkStore, ChunkRecord, ChunkChanges, ChunkWriter, LiveChunks, ChunkOutbox],
})
export class TasksModule {}
