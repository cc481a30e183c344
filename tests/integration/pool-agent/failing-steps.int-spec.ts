import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import { pack, setByte } from './patient.js';
import { startPools } from './pool-under-test.js';
import { git } from './repository.js';

let under: Awaited<ReturnType<typeof startPools>>;
afterEach(() => under.close());

describe.each([{ reference_mirror: false }, { reference_mirror: true }])('a repair (%j)', (options) => {
  test.each([
    ['metadata', (path: string) => rmSync(join(path, '.git', 'HEAD'))],
    ['objects', (path: string) => setByte(pack({ path, gitDir: join(path, '.git'), canary: '', outside: '' }), 40)],
  ] as const)('by %s is done with what it got, whatever is pushed meanwhile', async (rung, harm) => {
    under = await startPools({ size: 0 });
    const { pools, url, root } = under;
    const { slots } = await pools.create({ name: 'app', repository_url: url, size: 1, ...options });
    const [{ slot_id, path }] = slots as [SlotView];
    const fetch = pools.sources.fetch.bind(pools.sources);
    pools.sources.fetch = async (...asked) => {
      const got = await fetch(...asked);
      writeFileSync(join(root, 'repository', 'README'), `since ${Math.random()}\n`);
      git(join(root, 'repository'), 'commit', '-q', '-a', '-m', 'Since');
      await pools.sources.refresh({ repository_url: url, ...options });
      return got;
    };
    harm(path);
    const { outcome, rungs } = await pools.doctor.recover(slot_id);
    expect({ outcome, last: rungs.at(-1) }).toEqual({ outcome: 'recovered', last: rung });
  });
});
