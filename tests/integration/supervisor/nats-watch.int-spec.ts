import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { createNatsServer, freePort, type ServerProcess } from '@kintsugi/servers';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { checkNats, watchNats } from '../../../tools/supervisor/src/http/nats-watch.js';

let folder: TemporaryFolder;
let server: ServerProcess;
let connection: NatsConnection;
let monitorPort: number;

beforeEach(async () => {
  folder = createTemporaryFolder('nats-watch');
  monitorPort = await freePort();
  server = createNatsServer({ port: await freePort(), monitorPort, folder: folder.path });
  await server.start();
  connection = await connect({ servers: server.url });
});

afterEach(async () => {
  await connection.close();
  await server.kill();
  await folder.remove();
});

describe('the watch over nats-server', () => {
  it('finds a server well, and silent once it is gone', async () => {
    expect(await checkNats(monitorPort)).toBe('well');
    await server.kill();
    expect(await checkNats(monitorPort)).toBe('silent');
  });

  it('tells of a server that lives on although its files were deleted', async () => {
    await (await jetstreamManager(connection)).streams.add({ name: 'FACTS', subjects: ['facts'] });
    const client = jetstream(connection);
    rmSync(join(folder.path, 'jetstream'), { recursive: true });
    // The open file takes more for a while; the next one cannot be made.
    const large = new Uint8Array(4 * 1024 * 1024);
    const publishAndCheck = async () => {
      await client.publish('facts', large, { timeout: 2_000 }).catch(() => undefined);
      expect(await checkNats(monitorPort)).toBe('sick');
    };
    await eventually(publishAndCheck, { timeoutMs: 20_000 });
    const watching = new AbortController();
    const failure = new Promise((resolve) => {
      void watchNats({ monitorPort, isRunning: () => server.pid !== undefined, onFailure: resolve }, watching.signal);
    });
    expect(await failure).toBe('sick');
    watching.abort();
    expect(server.pid).toEqual(expect.any(Number));
  }, 40_000);
});
