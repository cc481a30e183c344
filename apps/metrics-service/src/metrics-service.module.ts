import { Module } from '@nestjs/common';
import { FleetModule } from './fleet/fleet.module.js';
import { JobHistoryModule } from './job-history/job-history.module.js';

/** The features of metrics-service. */
@Module({ imports: [JobHistoryModule, FleetModule] })
export class MetricsServiceModule {}
