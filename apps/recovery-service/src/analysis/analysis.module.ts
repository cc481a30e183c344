import { Module, type OnModuleInit } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Store, ensureIndexes, untilReachable } from '@kintsugi/persistence';
import type { RecoveryServiceSettings } from '../recovery-service.config.js';
import { HourSieves } from '../records/hour-sieves.js';
import { failureHourIndexes } from '../records/mongo/changed-hours.js';
import { RecordsModule } from '../records/records.module.js';
import { AnalysedRecords, RecordHours } from './analysed-records.js';
import { LayDownHours } from './commands/lay-down-hours.js';
import { HourLaying } from './hour-laying.js';
import { LaidHours } from './laid-hours.js';
import { AnalysedRecordStore } from './mongo/analysed-record-store.js';
import { LaidHourStore } from './mongo/laid-hour-store.js';
import { AnalysisController } from './nats/analysis.controller.js';
import { NatsRunsOfJobs } from './nats/nats-runs-of-jobs.js';
import { AnalyzeErrors } from './queries/analyze-errors.js';
import { RunsOfJobs } from './runs-of-jobs.js';

const laidHours = {
  provide: LaidHours,
  inject: [Store, SETTINGS],
  useFactory: (store: Store, settings: RecoveryServiceSettings) => new LaidHourStore(store, settings.ERROR_RETENTION_DAYS),
};

const analysedRecords = {
  provide: AnalysedRecords,
  inject: [Store, LaidHours],
  useFactory: (store: Store, hours: LaidHours) => new AnalysedRecordStore(store, hours),
};

/** What failures add up to. */
@Module({
  imports: [RecordsModule],
  controllers: [AnalysisController],
  providers: [
    laidHours,
    analysedRecords,
    { provide: RecordHours, useExisting: AnalysedRecords },
    { provide: RunsOfJobs, useClass: NatsRunsOfJobs },
    AnalyzeErrors,
    LayDownHours,
    HourLaying,
  ],
  exports: [HourLaying],
})
export class AnalysisModule implements OnModuleInit {
  constructor(
    private readonly store: Store,
    private readonly hours: LaidHours,
    private readonly sieves: HourSieves,
  ) {}

  async onModuleInit(): Promise<void> {
    await ensureIndexes(this.store, failureHourIndexes);
    await untilReachable(() => this.sieves.prepare());
    if (await untilReachable(() => this.hours.prepare())) await untilReachable(() => this.sieves.clear());
  }
}
