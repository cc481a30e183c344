import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Faults, HTTP_DOOR, SETTINGS, Turns } from '@kintsugi/hosting';
import { AlertsModule } from './alerts/alerts.module.js';
import { AuditModule } from './audit/audit.module.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { ConsoleModule } from './console/console.module.js';
import { ErrorsModule } from './errors/errors.module.js';
import { EventsModule } from './events/events.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import type { GatewaySettings } from './gateway.config.js';
import { GatewayDoor } from './http/gateway-door.js';
import { HttpProblemFilter } from './http/problem-filter.js';
import { RequestBodies, boundsOf } from './http/request-bodies.js';
import { JobsModule } from './jobs/jobs.module.js';
import { KeyRoutesModule } from './keys/key-routes.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LiveModule } from './live/live.module.js';
import { LogsModule } from './logs/logs.module.js';
import { Backend } from './nats/backend.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The only HTTP door of the platform. It owns no data but the API keys: all else is asked of the services behind it. */
@Global()
@Module({
  imports: [
    OperationsModule,
    JobsModule,
    SchedulesModule,
    WebhooksModule,
    AlertsModule,
    AuditModule,
    KeyRoutesModule,
    DeadLettersModule,
    ErrorsModule,
    EventsModule,
    LiveModule,
    LogsModule,
    FleetModule,
    OpenApiModule,
    ConsoleModule,
  ],
  providers: [
    Backend,
    {
      provide: RequestBodies,
      inject: [SETTINGS, HTTP_DOOR, Turns],
      useFactory: (settings: GatewaySettings, { closing }: GatewayDoor, turns: Turns) =>
        new RequestBodies(boundsOf(settings, closing.signal), turns),
    },
    {
      provide: APP_FILTER,
      inject: [HTTP_DOOR, Faults],
      useFactory: ({ routes }: GatewayDoor, faults: Faults) => new HttpProblemFilter(routes, faults.report),
    },
  ],
  exports: [Backend, RequestBodies],
})
export class GatewayModule {
  /** @param keySource provides KEY_SOURCE */
  static with(keySource: Provider): DynamicModule {
    return { module: GatewayModule, imports: [KeysModule.with(keySource)] };
  }
}
