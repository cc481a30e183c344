import { Global, Module } from '@nestjs/common';
import { Bus, EventPublisher, HearingClock } from '@kintsugi/messaging';
import { DeadLetterStore, Store } from '@kintsugi/persistence';
import { Clock } from './clock.js';
import { Leader } from './leader.js';
import { LeaseLeader } from './lease-leader.js';
import { NewIds } from './new-ids.js';

const wrapped = [
  { provide: HearingClock, inject: [Bus], useFactory: (bus: Bus) => new HearingClock(bus) },
  { provide: EventPublisher, inject: [Bus], useFactory: (bus: Bus) => new EventPublisher(bus) },
  { provide: DeadLetterStore, inject: [Store], useFactory: (store: Store) => new DeadLetterStore(store) },
];

const own = [Clock, NewIds, LeaseLeader];

const providers = [...wrapped, ...own, { provide: Leader, useExisting: LeaseLeader }];

/** What all features stand on beside what every service has: its clocks, its ids and its leadership. */
@Global()
@Module({ providers, exports: providers })
export class PlatformModule {}
