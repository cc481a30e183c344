import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { ExternalJobs } from './external-jobs.js';
import { ExternalRecords } from './external-records.js';
import { HeardClock } from './heard-clock.js';
import { HeardTimes } from './heard-times.js';
import { ExternalRecordStore } from './mongo/external-record-store.js';
import { HeardTimeStore } from './mongo/heard-time-store.js';
import { ProducerWatch } from './producer-watch.js';

const stores = [
  ...[ExternalRecordStore, { provide: ExternalRecords, useExisting: ExternalRecordStore }],
  ...[HeardTimeStore, { provide: HeardTimes, useExisting: HeardTimeStore }],
];

/** Jobs that somebody else runs and reports. */
@Module({
  imports: [JobsModule],
  providers: [...stores, HeardClock, ExternalJobs, ProducerWatch],
  exports: [HeardClock, ExternalJobs, ProducerWatch],
})
export class ExternalModule {}
