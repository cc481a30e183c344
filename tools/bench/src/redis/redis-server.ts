import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@kintsugi/servers';
import type { PeerProgram } from '../peers/peer-program.js';
import { ServerUnderTest } from '../peers/server-under-test.js';

/** When Redis syncs its append-only file to disk: once a second, or before it answers. */
export type RedisSync = 'everysec' | 'always';

/** A redis-server as production guides set it up for queues: an append-only file, no eviction. */
export async function startRedisServer(program: PeerProgram, folder: string, sync: RedisSync): Promise<ServerUnderTest> {
  const data = join(folder, 'redis');
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  return ServerUnderTest.start({
    name: 'redis-server',
    command: program.path,
    args: [
      ...['--port', String(port)],
      ...['--bind', '127.0.0.1'],
      ...['--dir', data],
      ...['--appendonly', 'yes'],
      ...['--appendfsync', sync],
      ...['--save', ''],
      ...['--maxmemory-policy', 'noeviction'],
    ],
    environment: program.environment,
    folder: data,
    port,
    stopSignal: 'SIGTERM',
  });
}
