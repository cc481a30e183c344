import { uptime } from 'node:os';
import { Global, Module } from '@nestjs/common';
import { Clock } from './clock.js';
import { SteadyClock } from './domain/steady-clock.js';
import { modelsConnection } from './mongo/models-connection.js';

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
@Module({ providers: [clock, modelsConnection], exports: [clock, modelsConnection] })
export class PlatformModule {}
