// A run of chaos on a small disk of its own ends by itself, tells what held, and leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, expect, test } from '@jest/globals';
import { createTemporaryFolder } from '@kintsugi/testing';
import { runCommand } from '../command-line.js';

const maySmallDisk = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
// eslint-disable-next-line no-restricted-syntax -- where this user may not mount a small disk, the run would leave that fault out
const testOnSmallDisk = maySmallDisk ? test : test.skip;
const inWords = maySmallDisk ? '' : ' (skipped: this user may not mount a small disk)';

/** Where the run keeps all that it writes. */
const folder = createTemporaryFolder('chaos-run');

afterAll(() => folder.remove());

testOnSmallDisk(`a full disk, and nothing else${inWords}`, async () => {
  const args = ['chaos', '--seed', '3', '--minutes', '0.1', '--only', 'disk-full', '--json'];
  const { code, stdout, stderr } = await runCommand(args, { TMPDIR: folder.path });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(JSON.parse(stdout)).toMatchObject({ violations: [], leftOut: [], recoveries: [{ kind: 'disk_full' }] });
  expect(readdirSync(folder.path)).toEqual([]);
});
