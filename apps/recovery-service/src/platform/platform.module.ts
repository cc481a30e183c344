import { uptime } from 'node:os';
import { Global, Module } from '@nestjs/common';
import { Clock } from './clock.js';
import { SteadyClock } from './domain/steady-clock.js';
import { modelsConnection } from './mongo/models-connection.js';
import { MovementNotices } from './nats/movement-notices.js';
import { Stillness } from './stillness.js';

const clock = {
  provide: Clock,
  useFactory: (): Clock =>
    new SteadyClock(
      () => Date.now(),
      () => uptime() * 1_000,
    ),
};

/** What all features stand on, beside what every service has. */
@Global()
@Module({
  providers: [clock, modelsConnection, Stillness, MovementNotices],
  exports: [clock, modelsConnection, Stillness, MovementNotices],
})
export class PlatformModule {}
