import { Module } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { Store } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { RecordUsage } from './commands/record-usage.js';
import { RollUpUsage } from './commands/roll-up-usage.js';
import { keptMsOf } from './kept-usage.js';
import { MongoUsageStore } from './mongo/mongo-usage-store.js';
import { prepareUsage } from './mongo/usage-collections.js';
import { UsageListener } from './nats/usage-listener.js';
import { UsageOfJobs } from './queries/usage-of-jobs.js';
import { UsageRollUp } from './usage-roll-up.js';
import { UsageStore } from './usage-store.js';

/** What jobs and workers use, as workers tell it, kept for as long as the settings say. */
@Module({
  providers: [
    { provide: UsageStore, inject: [Store, SETTINGS], useFactory: openUsage },
    { provide: RecordUsage, inject: [UsageStore, Metrics], useFactory: recordingOf },
    RollUpUsage,
    UsageRollUp,
    UsageListener,
    UsageOfJobs,
  ],
  exports: [UsageOfJobs, UsageStore],
})
export class SamplesModule {}

async function openUsage(store: Store, settings: MetricsServiceSettings): Promise<UsageStore> {
  await prepareUsage(store, keptMsOf(settings));
  return new MongoUsageStore(store);
}

function recordingOf(store: UsageStore, metrics: Metrics): RecordUsage {
  return new RecordUsage(store, {
    onWritten: (records) => metrics.count('kintsugi_usage_records_total', {}, records),
    onLost: (records, reason) => metrics.count('kintsugi_usage_records_lost_total', { reason }, records),
  });
}
