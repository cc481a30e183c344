import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMongoServer, createNatsServer, freePort, isPortFree, whoHoldsPort } from '@kintsugi/servers';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';

let folder: TemporaryFolder;
let occupant: Server;
let port: number;

beforeEach(async () => {
  folder = createTemporaryFolder();
  occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen({ port: 0, host: '127.0.0.1' }, resolve));
  ({ port } = occupant.address() as AddressInfo);
});

afterEach(async () => {
  await new Promise((resolve) => occupant.close(resolve));
  await folder.remove();
});

describe('a taken port', () => {
  test('names the process that holds it', () => {
    expect(whoHoldsPort(port)).toMatchObject({ pid: process.pid });
  });

  test.each([
    ['nats-server', createNatsServer],
    ['mongod', createMongoServer],
  ])('is told by %s at once, with name and pid', async (name, create) => {
    const server = create({ port, folder: join(folder.path, name) });
    await expect(server.start()).rejects.toThrow(
      new RegExp(
        `^Port ${port}, wanted by ${name}, is taken by .+ \\(pid ${process.pid}\\)\\. Stop that process or choose another port\\.$`,
      ),
    );
    expect(server.pid).toBeUndefined();
  });
});

describe('a free port', () => {
  test('can be listened on and is held by nobody', async () => {
    const free = await freePort();
    expect(await isPortFree(free)).toBe(true);
    expect(await isPortFree(port)).toBe(false);
    expect(whoHoldsPort(free)).toBeUndefined();
  });
});
