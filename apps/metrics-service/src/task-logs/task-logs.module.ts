import { Module } from '@nestjs/common';
import { subjects } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { Store, ensureIndexes, ensureRetention } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { TakeLogBatches } from './commands/take-log-batches.js';
import { LogStore } from './log-store.js';
import { MongoLogStore, blockCollection, forgottenCollection, sizeCollection } from './mongo/mongo-log-store.js';
import { TaskLogsIntake } from './nats/task-logs-intake.js';
import { LogPacker } from './packing/log-packer.js';
import { ReadLog } from './queries/read-log.js';

const mebibyte = 1024 ** 2;
/** What comes in later of a job that was deleted comes within seconds. */
const deletionsKeptDays = 7;

/** What tasks write: taken in, kept, and read by whoever may. */
@Module({
  providers: [
    { provide: LogStore, inject: [Store, LogPacker], useFactory: openStore },
    { provide: TakeLogBatches, inject: [LogStore, Bus, Metrics, SETTINGS], useFactory: takingOf },
    LogPacker,
    TaskLogsIntake,
    ReadLog,
  ],
  exports: [LogStore, ReadLog, TakeLogBatches],
})
export class TaskLogsModule {}

async function openStore(store: Store, packer: LogPacker): Promise<LogStore> {
  await ensureIndexes(store, [
    { collection: sizeCollection, keys: { last_at: 1 } },
    // Blocks of a time are found by it alone: to look at each of them for its time is to read the whole log.
    { collection: blockCollection, keys: { _id: 1, first_ms: 1, last_ms: 1 } },
  ]);
  await ensureRetention(store, { collection: forgottenCollection, field: 'at', days: deletionsKeptDays });
  return new MongoLogStore(store, packer);
}

function takingOf(store: LogStore, bus: Bus, metrics: Metrics, settings: MetricsServiceSettings): TakeLogBatches {
  return new TakeLogBatches(store, {
    jobBytesMax: settings.LOG_MAX_SIZE_MB * mebibyte,
    onStored: ({ logs, bytes, lines, dropped, refused }) => {
      metrics.count('kintsugi_log_bytes_total', {}, bytes);
      metrics.count('kintsugi_log_lines_total', {}, lines);
      if (refused > 0) metrics.count('kintsugi_log_batches_refused_total', {}, refused);
      if (dropped > 0) metrics.count('kintsugi_log_lines_dropped_total', {}, dropped);
      if (logs.length > 0) bus.publish(subjects.storedLogs, JSON.stringify({ logs }));
    },
  });
}
