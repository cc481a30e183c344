import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMongoServer, freePort, type ServerProcess } from '@kintsugi/servers';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { MongoLine } from '../../../libs/shared/servers/src/mongo-line.js';

let folder: TemporaryFolder;
let server: ServerProcess;
let line: MongoLine;

beforeEach(async () => {
  folder = createTemporaryFolder();
  const access = { user: 'kintsugi', password: 'not asked for', key: 'k'.repeat(64) };
  server = createMongoServer({ port: await freePort(), folder: folder.path, access });
  await server.start();
  line = new MongoLine(server.port, 500);
});

afterEach(async () => {
  line.close();
  await server.kill();
  await folder.remove();
});

describe('the line to a mongod', () => {
  test('gets an answer each time, whoever may come in', async () => {
    await line.ask();
    await line.ask();
  });

  test('gets none from one that hangs, and one again when it goes on', async () => {
    await line.ask();
    process.kill(server.pid ?? 0, 'SIGSTOP');
    await expect(line.ask()).rejects.toThrow();
    process.kill(server.pid ?? 0, 'SIGCONT');
    await line.ask();
  });

  test('gets one from the next that is started in the place of one that was killed', async () => {
    await line.ask();
    await server.kill();
    await expect(line.ask()).rejects.toThrow();
    await server.start();
    await line.ask();
  });
});
