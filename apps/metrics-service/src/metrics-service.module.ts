import { Module } from '@nestjs/common';
import { JobHistoryModule } from './job-history/job-history.module.js';

/** The features of metrics-service. */
@Module({ imports: [JobHistoryModule] })
export class MetricsServiceModule {}
