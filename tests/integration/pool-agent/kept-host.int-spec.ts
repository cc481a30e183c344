// A folder of pools keeps its name: machines are renamed, and containers made anew.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { createTemporaryFolder } from '@kintsugi/testing';
import { keepHost, recallHost } from '../../../apps/pool-agent/src/slots/kept-host.js';
import { PoolFolder, isOfPools } from '../../../apps/pool-agent/src/slots/pool-folder.js';

const temporary = createTemporaryFolder('kept-host');
let root: string;
let count = 0;

beforeEach(() => {
  root = join(temporary.path, String((count += 1)));
});
afterAll(() => temporary.remove());

async function started(name: string, asked?: string): Promise<string> {
  const folder = new PoolFolder(root, name);
  if (!(await recallHost(folder, asked))) await keepHost(folder);
  return folder.host;
}

test('a folder keeps the name of its first start, whatever the machine is called later', async () => {
  expect(await started('east')).toBe('east');
  expect(await started('renamed')).toBe('east');
  expect(await started('east', 'east')).toBe('east');
  expect(isOfPools('host.json')).toBe(true);
});

test('another name that is asked for is refused, with how to get it', async () => {
  await started('east');
  await expect(started('west', 'west')).rejects.toThrow(
    /^POOL_HOST is west, and the pools in .* are known as those of east\. Say POOL_HOST=east, .* remove .*host\.json, .* forget-host east\.$/,
  );
  expect(await started('east')).toBe('east');
});

test('a name that can not be read is not guessed', async () => {
  await started('east');
  writeFileSync(join(root, 'host.json'), '{"host":"a.b"}');
  await expect(started('east')).rejects.toThrow('does not tell the name of this host. Write {"host":"NAME"} there');
});
