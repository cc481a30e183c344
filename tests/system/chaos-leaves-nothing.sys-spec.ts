// A run of chaos on a small disk of its own ends by itself, tells what held, and leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { runCommand } from '../command-line.js';

const maySmallDisk = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
// eslint-disable-next-line no-restricted-syntax -- where this user may not mount a small disk, the run would leave that fault out
const testOnSmallDisk = maySmallDisk ? test : test.skip;
const inWords = maySmallDisk ? '' : ' (skipped: this user may not mount a small disk)';

const leftOvers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('kintsugi-chaos-'));

testOnSmallDisk(`a full disk, and nothing else${inWords}`, async () => {
  const before = leftOvers();
  const { code, stdout, stderr } = await runCommand([
    'chaos',
    '--seed',
    '3',
    '--minutes',
    '0.1',
    '--only',
    'disk-full',
    '--json',
  ]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(JSON.parse(stdout)).toMatchObject({ violations: [], leftOut: [], recoveries: [{ kind: 'disk_full' }] });
  expect(leftOvers().filter((name) => !before.includes(name))).toEqual([]);
});
