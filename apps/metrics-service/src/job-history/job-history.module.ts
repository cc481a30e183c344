import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, failedDeliveries } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import { DeadLetterStore, Store } from '@kintsugi/persistence';
import type { MetricsServiceSettings } from '../metrics-service.config.js';
import { TaskLogsModule } from '../task-logs/task-logs.module.js';
import { SamplesModule } from '../samples/samples.module.js';
import { CompareHistory, JobRecords } from './commands/compare-history.js';
import { ForgetJobs } from './commands/forget-jobs.js';
import { LayDownHours } from './commands/lay-down-hours.js';
import { RecordJobEvents } from './commands/record-job-events.js';
import { HourColumns } from './domain/hour-columns.js';
import { JobHistory } from './domain/job-history.js';
import { HistoryComparison } from './history-comparison.js';
import { HourLaying } from './hour-laying.js';
import { MongoHourColumns } from './mongo/mongo-hour-columns.js';
import { MongoJobHistory } from './mongo/mongo-job-history.js';
import { prepareHistory } from './mongo/prepare-history.js';
import { HistoryBacklog } from './nats/history-backlog.js';
import { JobEventsConsumer } from './nats/job-events.consumer.js';
import { JobHistoryController } from './nats/job-history.controller.js';
import { ReplayJobEvent } from './nats/replay-job-event.js';
import { NatsJobRecords } from './nats/nats-job-records.js';
import { NatsLiveJobs } from './nats/nats-live-jobs.js';
import { FetchJobHistory } from './queries/fetch-job-history.js';
import { GetJobInfo } from './queries/get-job-info.js';
import { GetJobMetrics } from './queries/get-job-metrics.js';
import { ListJobs } from './queries/list-jobs.js';
import { LiveJobs } from './queries/live-jobs.js';
import { MarkWaitingJobs } from './queries/mark-waiting-jobs.js';
import { SearchHistory } from './queries/search-history.js';
import { SumUpHistory } from './queries/sum-up-history.js';

/** What is remembered of every job, and the answers that come from it. */
@Module({
  imports: [SamplesModule, TaskLogsModule],
  controllers: [JobEventsConsumer, JobHistoryController],
  providers: [
    failedDeliveries,
    { provide: HourColumns, inject: [Store], useFactory: (store: Store) => new MongoHourColumns(store) },
    { provide: JobHistory, inject: [Store, SETTINGS, HourColumns], useFactory: openHistory },
    { provide: RecordJobEvents, inject: [JobHistory, SETTINGS, Metrics], useFactory: recordingOf },
    { provide: JobRecords, useClass: NatsJobRecords },
    { provide: LiveJobs, useClass: NatsLiveJobs },
    { provide: DeadLetterStore, inject: [Store], useFactory: (store: Store) => new DeadLetterStore(store) },
    ReplayJobEvent,
    ForgetJobs,
    CompareHistory,
    HistoryBacklog,
    HistoryComparison,
    LayDownHours,
    HourLaying,
    SumUpHistory,
    SearchHistory,
    GetJobInfo,
    GetJobMetrics,
    MarkWaitingJobs,
    ListJobs,
    FetchJobHistory,
  ],
  exports: [JobHistory, HistoryBacklog, JobRecords, LiveJobs, ReplayJobEvent, DeadLetterStore],
})
export class JobHistoryModule implements OnApplicationShutdown {
  constructor(private readonly recordJobEvents: RecordJobEvents) {}

  /** The consumer has been stopped by now, so nothing is added any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.recordJobEvents.close();
  }
}

/** The history comes up with its indexes made. */
async function openHistory(store: Store, settings: MetricsServiceSettings, columns: HourColumns): Promise<JobHistory> {
  const { HISTORY_RETENTION_DAYS: retentionDays, HISTORY_INDEXED_FILTERS: indexedFilters } = settings;
  return new MongoJobHistory(store, await prepareHistory(store, { retentionDays, indexedFilters }), columns);
}

function recordingOf(history: JobHistory, settings: MetricsServiceSettings, metrics: Metrics): RecordJobEvents {
  return new RecordJobEvents(history, {
    holdMs: settings.HISTORY_HOLD_MS,
    onWritten: (rows, newest) => {
      metrics.count('kintsugi_history_rows_total', {}, rows);
      metrics.set('kintsugi_history_lag_seconds', Math.max(0, Date.now() - newest) / 1_000);
    },
  });
}
