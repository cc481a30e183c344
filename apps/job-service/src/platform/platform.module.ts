import { Module, type DynamicModule } from '@nestjs/common';
import { Turns } from '@kintsugi/hosting';
import { Bus, EventPublisher, HearingClock } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import { DeadLetterStore, Store } from '@kintsugi/persistence';
import { JOB_SERVICE_SETTINGS, type JobServiceContext } from '../job-service.config.js';
import { Clock } from './clock.js';
import { Faults } from './faults.js';
import { Leader } from './leader.js';
import { LeaseLeader } from './lease-leader.js';
import { LOGGER } from './logger.js';
import { NewIds } from './new-ids.js';

const wrapped = [
  { provide: HearingClock, inject: [Bus], useFactory: (bus: Bus) => new HearingClock(bus) },
  { provide: EventPublisher, inject: [Bus], useFactory: (bus: Bus) => new EventPublisher(bus) },
  { provide: DeadLetterStore, inject: [Store], useFactory: (store: Store) => new DeadLetterStore(store) },
];

const own = [Clock, NewIds, Turns, LeaseLeader];

/** What all features stand on: the connections of this process, its settings, its log, its clocks and its leadership. */
@Module({})
export class PlatformModule {
  static with({ settings, bus, store, metrics, logger, onFault }: JobServiceContext): DynamicModule {
    const given = [
      { provide: JOB_SERVICE_SETTINGS, useValue: settings },
      { provide: LOGGER, useValue: logger },
      { provide: Bus, useValue: bus },
      { provide: Store, useValue: store },
      { provide: Metrics, useValue: metrics },
      { provide: Faults, useValue: new Faults(onFault) },
    ];
    const providers = [...given, ...wrapped, ...own, { provide: Leader, useExisting: LeaseLeader }];
    return { module: PlatformModule, global: true, providers, exports: providers };
  }
}
