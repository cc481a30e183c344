import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@kintsugi/servers';
import type { PeerProgram } from '../peers/peer-program.js';
import { ServerUnderTest } from '../peers/server-under-test.js';

/** A redis-server as production guides set it up for queues: an append-only file synced every second, no eviction. */
export async function startRedisServer(program: PeerProgram, folder: string): Promise<ServerUnderTest> {
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
      ...['--appendfsync', 'everysec'],
      ...['--save', ''],
      ...['--maxmemory-policy', 'noeviction'],
    ],
    environment: program.environment,
    folder: data,
    port,
    stopSignal: 'SIGTERM',
  });
}
