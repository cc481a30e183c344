import { Module } from '@nestjs/common';
import { OutboxModule } from '../outbox/outbox.module.js';
import { BundleTotals } from './bundle-totals.js';
import { BundledTasks } from './bundled-tasks.js';
import { ChunkChanges } from './chunk-changes.js';
import { ChunkOutbox } from './chunk-outbox.js';
import { ChunkRecord } from './chunk-record.js';
import { ChunkRemoval } from './chunk-removal.js';
import { ChunkSearch } from './chunk-search.js';
import { ChunkTotals } from './chunk-totals.js';
import { ChunkWriter } from './chunk-writer.js';
import { LiveChunks } from './live-chunks.js';
import { ChunkStore } from './mongo/chunk-store.js';
import { MongoBundleTotals } from './mongo/mongo-bundle-totals.js';
import { StagedChunks } from './staged-chunks.js';
import { TaskStats } from './task-stats.js';

/** What others know of the store of chunks. */
const ports = [ChunkRecord, ChunkTotals, StagedChunks, ChunkSearch, ChunkRemoval];

/** Chunks of tasks: in memory, on their way to the record, and in it. */
@Module({
  imports: [OutboxModule],
  providers: [
    ChunkStore,
    ...ports.map((provide) => ({ provide, useExisting: ChunkStore })),
    { provide: BundleTotals, useClass: MongoBundleTotals },
    ...[ChunkChanges, ChunkWriter, LiveChunks, ChunkOutbox, TaskStats, BundledTasks],
  ],
  exports: [...ports, ChunkChanges, ChunkWriter, LiveChunks, ChunkOutbox, BundledTasks],
})
export class TasksModule {}
