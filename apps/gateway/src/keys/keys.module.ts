import { Global, Module, type DynamicModule, type OnModuleInit, type Provider } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import type { GatewaySettings } from '../gateway.config.js';
import { RateLimit } from '../rates/http/rate-limit.js';
import { AccessGuard } from './http/access-guard.js';
import { Admissions, type KeyLookup } from './http/admissions.js';
import { refuseUndeclaredAccess } from './http/declared-access.js';
import { KEY_SOURCE, KeyDirectory, type KeySource } from './key-directory.js';
import { Sessions } from './sessions.js';

/** Who may call what, and how often. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: Admissions, inject: [KEY_SOURCE, SETTINGS, LOGGER], useFactory: admissionsOf },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [Admissions],
})
export class KeysModule implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @param source provides KEY_SOURCE, by which keys are looked up and administered */
  static with(source: Provider): DynamicModule {
    return { module: KeysModule, providers: [source], exports: [KEY_SOURCE] };
  }

  onModuleInit(): void {
    refuseUndeclaredAccess(this.discovery, this.scanner);
  }
}

function admissionsOf(source: KeySource | null, settings: GatewaySettings, logger: Logger): Admissions {
  const { RATE_LIMIT_PER_SECOND, ALLOWED_ORIGINS, API_HOST, SESSION_SECRET, SESSION_HOURS } = settings;
  if (!source) logger.warn({ host: API_HOST }, 'AUTH is off: whoever is on this machine may do everything');
  const onFault = (error: unknown): void => logger.warn({ error }, 'Fault in the background');
  const keys = source && new KeyDirectory(source, onFault);
  const lookup: KeyLookup = keys && ((key) => keys.callerOf(key));
  const sessions = new Sessions(SESSION_SECRET, SESSION_HOURS);
  return new Admissions(lookup, new RateLimit(RATE_LIMIT_PER_SECOND), sessions, ALLOWED_ORIGINS);
}
