import { Module, type OnModuleInit } from '@nestjs/common';
import { Store, ensureRetention } from '@kintsugi/persistence';
import { ForgetPoolHost } from './commands/forget-pool-host.js';
import { FleetOfPools } from './fleet-of-pools.js';
import { KnownHosts } from './known-hosts.js';
import { KnownHostStore, knownHostRetention } from './mongo/known-host-store.js';
import { poolHostModels } from './mongo/pool-host.schema.js';
import { PoolPlaceStore, poolPlaceRetention } from './mongo/pool-place-store.js';
import { poolPlaceModels } from './mongo/pool-place.schema.js';
import { NatsPoolAgents } from './nats/nats-pool-agents.js';
import { PoolDoorListener } from './nats/pool-door-listener.js';
import { PoolHostsController } from './nats/pool-hosts.controller.js';
import { PoolAgents } from './pool-agents.js';
import { PoolDoor } from './pool-door.js';
import { PoolPlaces } from './pool-places.js';

/** The hosts of pools: which there are, and which one a request is about. */
@Module({
  imports: [poolHostModels, poolPlaceModels],
  controllers: [PoolHostsController],
  providers: [
    { provide: KnownHosts, useClass: KnownHostStore },
    { provide: PoolAgents, useClass: NatsPoolAgents },
    { provide: PoolPlaces, useClass: PoolPlaceStore },
    ...[FleetOfPools, ForgetPoolHost, PoolDoor, PoolDoorListener],
  ],
})
export class PoolHostsModule implements OnModuleInit {
  constructor(private readonly store: Store) {}

  async onModuleInit(): Promise<void> {
    for (const retention of [knownHostRetention, poolPlaceRetention]) await ensureRetention(this.store, retention);
  }
}
