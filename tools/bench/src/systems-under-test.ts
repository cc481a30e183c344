import type { SystemName } from './domain/systems.js';
import { findNpmProgram } from './peers/npm-program.js';
import { findPeerProgram } from './peers/peer-program.js';
import type { PlatformKind } from './platform/platform-system.js';
import type { SystemUnderTest } from './system/system-under-test.js';

const postgres = {
  name: 'postgres',
  debianPackage: 'postgresql',
  places: ['usr/lib/postgresql/*/bin/postgres', 'usr/local/pgsql/bin/postgres'],
};

/** Fetched when it is to be measured: no set-up has to wait for its 80 MB. */
const restateServer = {
  name: 'restate-server',
  npmPackage: '@restatedev/restate-server',
  version: '1.7.12',
  platforms: ['linux-x64', 'linux-arm64'],
};

/** A system to measure, with the servers' programs that it needs found or fetched; ours of the kind that is asked for. */
export async function createSystem(
  name: SystemName,
  tell: (text: string) => void,
  kind: PlatformKind = 'plain',
): Promise<SystemUnderTest> {
  switch (name) {
    case 'kintsugi': {
      const { PlatformSystem } = await import('./platform/platform-system.js');
      return new PlatformSystem(kind);
    }
    case 'bullmq':
    case 'bullmq-always': {
      const { BullmqSystem } = await import('./redis/bullmq-system.js');
      const places = ['usr/bin/redis-server', 'usr/local/bin/redis-server'];
      return new BullmqSystem(name, await findPeerProgram({ name: 'redis-server', debianPackage: 'redis-server', places }, tell));
    }
    case 'graphile-worker': {
      const { GraphileSystem } = await import('./postgres/graphile-system.js');
      return new GraphileSystem(await findPeerProgram(postgres, tell));
    }
    case 'dbos': {
      const { DbosSystem } = await import('./postgres/dbos-system.js');
      return new DbosSystem(await findPeerProgram(postgres, tell));
    }
    case 'restate': {
      const { RestateSystem } = await import('./restate/restate-system.js');
      return new RestateSystem(await findNpmProgram(restateServer, tell));
    }
  }
}
