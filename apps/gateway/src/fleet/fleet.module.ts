import { Module, type DynamicModule } from '@nestjs/common';
import { Bus } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { HealthController } from './http/health.controller.js';
import { MetricsController } from './http/metrics.controller.js';
import { FleetRollCall } from './nats/fleet-roll-call.js';
import { OwnFigures } from './own-figures.js';

/** Health and figures of the whole platform. */
@Module({ controllers: [HealthController, MetricsController] })
export class FleetModule {
  static with({ instance }: { instance: string }): DynamicModule {
    return {
      module: FleetModule,
      providers: [
        { provide: FleetRollCall, inject: [Bus], useFactory: (bus: Bus) => new FleetRollCall(bus) },
        { provide: OwnFigures, inject: [Metrics], useFactory: (metrics: Metrics) => new OwnFigures(metrics, instance) },
      ],
    };
  }
}
