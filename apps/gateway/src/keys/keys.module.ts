import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { RateLimit } from '../rates/http/rate-limit.js';
import { AccessGuard, type KeyLookup } from './http/access-guard.js';
import { refuseUndeclaredAccess } from './http/declared-access.js';

/** Who may call what, and how often. */
@Module({ imports: [DiscoveryModule] })
export class KeysModule implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  static with(lookup: KeyLookup, rateLimit: RateLimit, allowedOrigins: readonly string[] = []): DynamicModule {
    const guard = new AccessGuard(lookup, rateLimit, allowedOrigins);
    return { module: KeysModule, providers: [{ provide: APP_GUARD, useValue: guard }] };
  }

  onModuleInit(): void {
    refuseUndeclaredAccess(this.discovery, this.scanner);
  }
}
