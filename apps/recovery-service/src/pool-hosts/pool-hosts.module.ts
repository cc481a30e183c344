import { Module, type OnModuleInit } from '@nestjs/common';
import { Store, ensureRetention } from '@kintsugi/persistence';
import { FleetOfPools } from './fleet-of-pools.js';
import { KnownHosts } from './known-hosts.js';
import { KnownHostStore, knownHostRetention } from './mongo/known-host-store.js';
import { poolHostModels } from './mongo/pool-host.schema.js';
import { NatsPoolAgents } from './nats/nats-pool-agents.js';
import { PoolDoorListener } from './nats/pool-door-listener.js';
import { PoolAgents } from './pool-agents.js';
import { PoolDoor } from './pool-door.js';

/** The hosts of pools: which there are, and which one a request is about. */
@Module({
  imports: [poolHostModels],
  providers: [
    { provide: KnownHosts, useClass: KnownHostStore },
    { provide: PoolAgents, useClass: NatsPoolAgents },
    ...[FleetOfPools, PoolDoor, PoolDoorListener],
  ],
})
export class PoolHostsModule implements OnModuleInit {
  constructor(private readonly store: Store) {}

  async onModuleInit(): Promise<void> {
    await ensureRetention(this.store, knownHostRetention);
  }
}
