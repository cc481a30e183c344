import {
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DeadLetterLog, FailedDeliveries, type ServiceContext } from '@kintsugi/hosting';
import { DeadLetterStore, deadLetterIndexes, ensureIndexes } from '@kintsugi/persistence';
import type { metricsServiceSettings } from '../metrics-service.config.js';
import { CompareHistory } from './commands/compare-history.js';
import { RecordJobEvents } from './commands/record-job-events.js';
import { HistoryComparison } from './history-comparison.js';
import { MongoJobHistory } from './mongo/mongo-job-history.js';
import { prepareHistory } from './mongo/prepare-history.js';
import { JobEventsConsumer } from './nats/job-events.consumer.js';
import { JobHistoryController } from './nats/job-history.controller.js';
import { NatsJobRecords } from './nats/nats-job-records.js';
import { NatsLiveJobs } from './nats/nats-live-jobs.js';
import { GetJobInfo } from './queries/get-job-info.js';
import { ListJobs } from './queries/list-jobs.js';

type Context = ServiceContext<typeof metricsServiceSettings>;

/** What is remembered of every job, and the answers that come from it. */
@Module({})
export class JobHistoryModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(
    private readonly recordJobEvents: RecordJobEvents,
    private readonly comparison: HistoryComparison,
  ) {}

  static with(context: Context): DynamicModule {
    return {
      module: JobHistoryModule,
      controllers: [JobEventsConsumer, JobHistoryController],
      providers: [
        { provide: FailedDeliveries, useFactory: () => failedDeliveries(context) },
        { provide: MongoJobHistory, useFactory: () => openHistory(context) },
        {
          provide: RecordJobEvents,
          useFactory: (history: MongoJobHistory) => recording(context, history),
          inject: [MongoJobHistory],
        },
        {
          provide: HistoryComparison,
          useFactory: (history: MongoJobHistory) => comparison(context, history),
          inject: [MongoJobHistory],
        },
        {
          provide: GetJobInfo,
          useFactory: (history: MongoJobHistory) => new GetJobInfo(history, new NatsLiveJobs(context.bus)),
          inject: [MongoJobHistory],
        },
        {
          provide: ListJobs,
          useFactory: (history: MongoJobHistory) => new ListJobs(history, new NatsLiveJobs(context.bus)),
          inject: [MongoJobHistory],
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.comparison.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.comparison.stop();
  }

  /** The consumer has been stopped by now, so nothing is added any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.recordJobEvents.close();
  }
}

async function openHistory({ store, settings }: Context): Promise<MongoJobHistory> {
  const indexedFilters = settings.HISTORY_INDEXED_FILTERS;
  await prepareHistory(store, { retentionDays: settings.HISTORY_RETENTION_DAYS, indexedFilters });
  return new MongoJobHistory(store, indexedFilters);
}

async function failedDeliveries({ store, metrics, logger, onFault }: Context): Promise<FailedDeliveries> {
  await ensureIndexes(store, deadLetterIndexes);
  const log = new DeadLetterLog(logger);
  return new FailedDeliveries({
    letters: new DeadLetterStore(store),
    onFault,
    onKept: (reason) => metrics.count('kintsugi_dead_letters_total', { reason }),
    onGivenUp: (message, problem) => log.note(message, problem),
  });
}

function recording({ settings, metrics }: Context, history: MongoJobHistory): RecordJobEvents {
  return new RecordJobEvents(history, {
    holdMs: settings.HISTORY_HOLD_MS,
    onWritten: (rows, newest) => {
      metrics.count('kintsugi_history_rows_total', {}, rows);
      metrics.set('kintsugi_history_lag_seconds', Math.max(0, Date.now() - newest) / 1_000);
    },
  });
}

function comparison({ settings, bus, store, metrics, onFault }: Context, history: MongoJobHistory): HistoryComparison {
  return new HistoryComparison({
    ...{ bus, store },
    compare: new CompareHistory(history, new NatsJobRecords(bus)),
    holder: settings.INSTANCE_ID,
    everyMs: settings.HISTORY_COMPARE_EVERY_MS,
    settleMs: settings.HISTORY_COMPARE_AFTER_MS,
    retentionDays: settings.HISTORY_RETENTION_DAYS,
    onCorrected: (jobs) => metrics.count('kintsugi_history_corrections_total', {}, jobs),
    onFault: (error) => onFault(error, { subject: 'history comparison' }),
  });
}
