import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createNatsServer, freePort } from '@kintsugi/servers';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';

let folder: TemporaryFolder;

beforeEach(() => {
  folder = createTemporaryFolder();
});

afterEach(async () => {
  await folder.remove();
});

describe('nats-server', () => {
  test('comes up on another port with its streams', async () => {
    const before = createNatsServer({ port: await freePort(), folder: folder.path });
    await before.start();
    const writer = await connect({ servers: before.url });
    await (await jetstreamManager(writer)).streams.add({ name: 'KEPT', subjects: ['kept.>'] });
    await jetstream(writer).publish('kept.one', 'still here');
    await writer.close();
    await before.stop();
    const after = createNatsServer({ port: await freePort(), folder: folder.path });
    await after.start();
    const reader = await connect({ servers: after.url });
    const message = await (await jetstreamManager(reader)).streams.getMessage('KEPT', { seq: 1 });
    expect(message?.string()).toBe('still here');
    await reader.close();
    await after.stop();
  });

  test('lets in only who has the token, where there is one', async () => {
    const server = createNatsServer({ port: await freePort(), folder: folder.path, token: 'open sesame' });
    await server.start();
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow(/authorization/i);
    const connection = await connect({ servers: server.url, token: 'open sesame' });
    await connection.close();
    await server.stop();
  });

  test('that cannot start says why, with the end of its log', async () => {
    const server = createNatsServer({ port: await freePort(), folder: folder.path, fileStoreBytesMax: Number.NaN });
    await expect(server.start()).rejects.toThrow(/nats-server \(.+\) ended while starting\. The end of .+nats-server\.log:\n/);
    expect(server.pid).toBeUndefined();
  });
});
