import { Module } from '@nestjs/common';
import { RecordsModule } from '../records/records.module.js';
import { AnalysedRecords } from './analysed-records.js';
import { AnalysedRecordStore } from './mongo/analysed-record-store.js';
import { AnalysisController } from './nats/analysis.controller.js';
import { NatsRunsOfJobs } from './nats/nats-runs-of-jobs.js';
import { AnalyzeErrors } from './queries/analyze-errors.js';
import { RunsOfJobs } from './runs-of-jobs.js';

/** What failures add up to. */
@Module({
  imports: [RecordsModule],
  controllers: [AnalysisController],
  providers: [
    { provide: AnalysedRecords, useClass: AnalysedRecordStore },
    { provide: RunsOfJobs, useClass: NatsRunsOfJobs },
    AnalyzeErrors,
  ],
})
export class AnalysisModule {}
