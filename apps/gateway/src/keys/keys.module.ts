import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { AccessGuard, type KeyLookup } from './http/access-guard.js';
import { refuseUndeclaredAccess } from './http/declared-access.js';

/** Who may call what. */
@Module({ imports: [DiscoveryModule] })
export class KeysModule implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  static with(lookup: KeyLookup): DynamicModule {
    return { module: KeysModule, providers: [{ provide: APP_GUARD, useValue: new AccessGuard(lookup) }] };
  }

  onModuleInit(): void {
    refuseUndeclaredAccess(this.discovery, this.scanner);
  }
}
