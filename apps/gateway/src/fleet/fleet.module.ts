import { Module, type DynamicModule } from '@nestjs/common';
import { SelfReport } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { ScrapeTargets } from './domain/scrape-targets.js';
import { HealthController } from './http/health.controller.js';
import { MetricsController } from './http/metrics.controller.js';
import { FleetRollCall } from './nats/fleet-roll-call.js';

/** Health and figures of the whole platform. */
@Module({ controllers: [HealthController, MetricsController] })
export class FleetModule {
  /** @param self what this very process tells of itself, which is there even when NATS is not */
  static with(self: SelfReport): DynamicModule {
    return {
      module: FleetModule,
      providers: [
        { provide: FleetRollCall, inject: [Bus], useFactory: (bus: Bus) => new FleetRollCall(bus) },
        { provide: SelfReport, useValue: self },
        { provide: ScrapeTargets, useValue: new ScrapeTargets() },
      ],
    };
  }
}
