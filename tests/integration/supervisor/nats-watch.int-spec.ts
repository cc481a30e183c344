import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { createNatsServer, freePort, type ServerProcess } from '@kintsugi/servers';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { NatsCheck, watchNats, type WatchedNats } from '../../../tools/supervisor/src/http/nats-watch.js';

const monitorPath = '/known-to-the-supervisor';

let folder: TemporaryFolder;
let server: ServerProcess;
let connection: NatsConnection;
let watched: WatchedNats;

beforeEach(async () => {
  folder = createTemporaryFolder('nats-watch');
  const monitorPort = await freePort();
  watched = { monitorPort, monitorPath, streamFolder: join(folder.path, 'jetstream', 'jetstream', '$G', 'streams') };
  server = createNatsServer({ port: await freePort(), monitorPort, monitorPath, folder: folder.path });
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
    const check = new NatsCheck(watched);
    expect(await check.look()).toBe('well');
    await addStream();
    expect(await check.look()).toBe('well');
    await server.kill();
    expect(await check.look()).toBe('silent');
  });

  it('takes a stream that was deleted for none whose files are lost', async () => {
    await addStream();
    const check = new NatsCheck(watched);
    expect(await check.look()).toBe('well');
    await (await jetstreamManager(connection)).streams.delete('FACTS');
    // Its files may go before the monitor leaves it out.
    await eventually(async () => expect(await check.look()).toBe('well'));
  });

  it('knows of the files of a stream that a service makes after the first look', async () => {
    const check = new NatsCheck(watched);
    expect(await check.look()).toBe('well');
    await addStream();
    rmSync(join(folder.path, 'jetstream'), { recursive: true });
    expect(await check.look()).toBe('sick');
  });

  it('has the monitor to itself: who does not know its path sees nothing there', async () => {
    const paths = ['/', '/healthz', '/jsz', '/connz?subs=1', '/varz'];
    const answers = await Promise.all(paths.map((path) => fetch(`http://127.0.0.1:${watched.monitorPort}${path}`)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
  });

  it('tells of a server that lives on although its files were deleted, even while it still takes messages', async () => {
    await addStream();
    rmSync(join(folder.path, 'jetstream'), { recursive: true });
    await jetstream(connection).publish('facts', 'taken, and lost');
    const watching = new AbortController();
    const failure = new Promise((resolve) => {
      void watchNats(
        { ...watched, isRunning: () => server.pid !== undefined, onFailure: () => resolve('sick') },
        watching.signal,
      );
    });
    expect(await failure).toBe('sick');
    watching.abort();
    expect(server.pid).toEqual(expect.any(Number));
  });
});

async function addStream(): Promise<void> {
  await (await jetstreamManager(connection)).streams.add({ name: 'FACTS', subjects: ['facts'] });
}
