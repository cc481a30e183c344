import { Module, type DynamicModule } from '@nestjs/common';
import type { SelfReport } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { ErrorsModule } from './errors/errors.module.js';
import { EventsModule, type EventsOptions } from './events/events.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { RequestBodies } from './http/request-bodies.js';
import { TaskReading } from './http/task-reading.js';
import { JobsModule } from './jobs/jobs.module.js';
import type { KeyLookup } from './keys/http/access-guard.js';
import { KeysModule } from './keys/keys.module.js';
import { Backend } from './nats/backend.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { TaskChecker } from './operations/checking/task-checker.js';
import { OperationsModule } from './operations/operations.module.js';
import type { RateLimit } from './rates/http/rate-limit.js';
import { UploadSlots } from './uploads/commands/upload-slots.js';

/** What the gateway is made of. */
export interface GatewayParts {
  bus: Bus;
  metrics: Metrics;
  bodies: RequestBodies;
  taskReading: TaskReading;
  taskChecker: TaskChecker;
  uploadSlots: UploadSlots;
  keyLookup: KeyLookup;
  rateLimit: RateLimit;
  allowedOrigins: readonly string[];
  events: EventsOptions;
  self: SelfReport;
}

/** The only HTTP door of the platform. It owns no data: everything is asked of the services behind it. */
@Module({})
export class GatewayModule {
  static with(parts: GatewayParts): DynamicModule {
    const shared = [
      { provide: Bus, useValue: parts.bus },
      { provide: Metrics, useValue: parts.metrics },
      { provide: RequestBodies, useValue: parts.bodies },
      { provide: TaskReading, useValue: parts.taskReading },
      { provide: TaskChecker, useValue: parts.taskChecker },
      { provide: UploadSlots, useValue: parts.uploadSlots },
      { provide: Backend, useValue: new Backend(parts.bus) },
    ];
    return {
      module: GatewayModule,
      global: true,
      providers: shared,
      exports: shared.map(({ provide }) => provide),
      imports: [
        KeysModule.with(parts.keyLookup, parts.rateLimit, parts.allowedOrigins),
        OperationsModule,
        JobsModule,
        ErrorsModule,
        EventsModule.with(parts.events),
        FleetModule.with(parts.self),
        OpenApiModule,
      ],
    };
  }
}
