import { Module } from '@nestjs/common';
import { ScrapeTargets } from './domain/scrape-targets.js';
import { HealthController } from './http/health.controller.js';
import { MetricsController } from './http/metrics.controller.js';
import { FleetRollCall } from './nats/fleet-roll-call.js';
import { DescribeHealth } from './queries/describe-health.js';

/** Health and metrics of the whole platform. */
@Module({
  controllers: [HealthController, MetricsController],
  providers: [FleetRollCall, ScrapeTargets, DescribeHealth],
})
export class FleetModule {}
