import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { provideLibraries } from '../../../tools/setup/steps/server-libraries.mjs';

const usualPath = process.env['PATH'];
let folder: TemporaryFolder;

/** A machine that lacks a library, and apt as well. */
beforeEach(() => {
  folder = createTemporaryFolder();
  const bin = join(folder.path, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'ldd'), "#!/bin/sh\necho '	libgone.so.4 => not found'\n", { mode: 0o755 });
  process.env['PATH'] = bin;
});

afterEach(async () => {
  process.env['PATH'] = usualPath;
  await folder.remove();
});

test.each(['nats-server', 'mongod'])(
  'libraries that cannot be had are told of the server that lacks them: %s',
  async (server) => {
    const place = { cache: folder.path, show: () => undefined };
    await expect(provideLibraries(server, join(folder.path, server), place)).rejects.toMatchObject({
      step: server,
      message: expect.stringContaining('libgone.so.4'),
      advice: expect.stringContaining('apt-get install libgone4'),
    });
  },
);
