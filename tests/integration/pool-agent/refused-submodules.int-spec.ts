import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import { openPools, type PoolUnderTest } from './pool-under-test.js';
import { git, makeRepository } from './repository.js';
import { expectWhole, makeRepositories, pin, tip } from './with-submodules.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kintsugi-pool-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const refused = { code: 'REPOSITORY_NOT_ALLOWED' };

describe('a slot that was brought to a commit whose submodules are refused', () => {
  let [app, lib] = ['', ''];
  let pools: PoolUnderTest;
  let slots: SlotView[];

  beforeEach(async () => {
    ({ app, lib } = makeRepositories(root));
    git(lib, 'checkout', '-q', '-b', 'bad');
    pin(lib, 'deep', 'file:///elsewhere/deep', tip(lib, 'HEAD~3'));
    git(app, 'checkout', '-q', '-b', 'bad-below');
    pin(app, 'libs/one', '../lib', tip(lib));
    git(app, 'checkout', '-q', '-b', 'bad', 'main');
    pin(app, 'libs/two', 'file:///elsewhere/lib', tip(lib));
    for (const folder of [app, lib]) git(folder, 'checkout', '-q', 'main');
    pools = await openPools(root, undefined, `file://${root}/*`);
    slots = (await pools.create({ name: 'app', repository_url: `file://${app}`, size: 1, submodules: true })).slots;
  });

  test.each(['bad', 'bad-below'])('by whoever asks for %s is given out whole to whoever asks next', async (ref) => {
    for (let round = 0; round < 2; round += 1) {
      await expect(pools.allocate({ pool: 'app', owner: 'one', ref })).rejects.toMatchObject(refused);
    }
    const { path, slot_id, token } = await pools.allocate({ pool: 'app', owner: 'two' });
    expectWhole(path, tip(lib));
    expect(await pools.release({ slot_id, token })).toMatchObject({ state: 'AVAILABLE', saved: null });
  });

  test('does not get there at all where the commit itself names them', async () => {
    await expect(pools.allocate({ pool: 'app', owner: 'one', ref: 'bad' })).rejects.toMatchObject(refused);
    expect((await pools.anomalies()).corrupted_slots).toEqual([]);
    expectWhole((slots[0] as SlotView).path, tip(lib));
  });

  test('by its owner is put back by the release, and what was left in submodules is kept', async () => {
    const { path, slot_id, token } = await pools.allocate({ pool: 'app', owner: 'one' });
    writeFileSync(join(path, 'libs/one/draft'), 'mine\n');
    pin(path, 'libs/two', 'file:///elsewhere/lib', tip(lib));
    const { state, saved } = await pools.release({ slot_id, token });
    expect(state).toBe('AVAILABLE');
    expect(readFileSync(join(saved as string, 'submodules/libs/one/whole/draft'), 'utf8')).toBe('mine\n');
    expectWhole(path, tip(lib));
  });

  test('is told from a commit whose .gitmodules a partial copy has not got yet', async () => {
    git(app, 'checkout', '-q', '-b', 'other');
    pin(app, 'libs/two', '../lib', tip(lib, 'v1'));
    git(app, 'checkout', '-q', 'main');
    const ask = { name: 'part', repository_url: `file://${app}`, size: 1, submodules: true, partial: 'blob:none' } as const;
    await pools.mirrors.refresh(ask.repository_url);
    await pools.create(ask);
    const { path } = await pools.allocate({ pool: 'part', owner: 'one', ref: 'other' });
    expect(tip(join(path, 'libs/two'))).toBe(tip(lib, 'v1'));
  });
});

describe('a release', () => {
  let lib = '';
  let pools: PoolUnderTest;
  beforeEach(async () => {
    const made = makeRepositories(root);
    lib = made.lib;
    pools = await openPools(root);
    await pools.create({ name: 'app', repository_url: `file://${made.app}`, size: 1, submodules: true });
  });

  test.each([
    ['changes are under a broken index', 'libs/one', 'whole'],
    ['changes are under a broken index, below another', 'libs/one/deep', 'submodules/deep/whole'],
  ])('keeps a submodule as it is whose %s, and says where', async (_what, broken, place) => {
    const { path, slot_id, token } = await pools.allocate({ pool: 'app', owner: 'one' });
    const module = join(path, 'libs/one');
    git(module, 'checkout', '-q', '-b', 'mine');
    git(module, 'commit', '-q', '--allow-empty', '-m', 'Mine');
    writeFileSync(join(path, broken, 'README'), 'mine\n');
    writeFileSync(join(path, broken, '.git/index'), 'garbage');
    const { state, saved } = await pools.release({ slot_id, token });
    expect(state).toBe('AVAILABLE');
    const kept = join(saved as string, 'submodules/libs/one');
    expect(readFileSync(join(kept, place, 'README'), 'utf8')).toBe('mine\n');
    expect(git(path, 'bundle', 'list-heads', join(kept, 'commits.bundle'))).toContain('refs/heads/mine');
    expectWhole(path, tip(lib));
  });

  test('keeps a submodule whole whose commits can not all be read', async () => {
    const { path, slot_id, token } = await pools.allocate({ pool: 'app', owner: 'one' });
    const module = join(path, 'libs/one');
    for (const text of ['first', 'second']) {
      writeFileSync(join(module, 'README'), `${text}\n`);
      git(module, 'commit', '-q', '-a', '-m', text);
    }
    const lost = git(module, 'rev-parse', 'HEAD~1:README').trim();
    rmSync(join(module, '.git/objects', lost.slice(0, 2), lost.slice(2)));
    const { state, saved } = await pools.release({ slot_id, token });
    expect(state).toBe('AVAILABLE');
    expect(readFileSync(join(saved as string, 'submodules/libs/one/whole/README'), 'utf8')).toBe('second\n');
    expectWhole(path, tip(lib));
  });
});

describe('a pool with submodules is made', () => {
  test('though the mirror of one is of before what is pinned was pushed', async () => {
    const { app, lib } = makeRepositories(root);
    const pools = await openPools(root);
    await pools.create({ name: 'lib', repository_url: `file://${lib}`, size: 0 });
    git(lib, 'commit', '-q', '--allow-empty', '-m', 'Since');
    pin(app, 'libs/one', '../lib', tip(lib));
    const { slots } = await pools.create({ name: 'app', repository_url: `file://${app}`, size: 1, submodules: true });
    expect(slots.map(({ state }) => state)).toEqual(['AVAILABLE']);
    expectWhole((slots[0] as SlotView).path, tip(lib));
  });
});

/** So many of one repository beside each other, each under a name of its own. */
function pinMany(folder: string, count: number, url: string, commit: string): void {
  const paths = Array.from({ length: count }, (_, index) => `m${index}`);
  const sections = paths.map((path) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`);
  writeFileSync(join(folder, '.gitmodules'), sections.join(''));
  git(folder, 'add', '.gitmodules');
  for (const path of paths) git(folder, 'update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
  git(folder, 'commit', '-q', '-m', 'Pin many');
}

describe('a pool with submodules is not made, and nothing of it stays,', () => {
  test.each([{ reference_mirror: true }, { reference_mirror: false }])(
    'where one is at a commit that nobody has (%j)',
    async (how) => {
      const { app } = makeRepositories(root);
      pin(app, 'libs/one', '../lib', '1'.repeat(40));
      const pools = await openPools(root);
      const ask = { name: 'app', repository_url: `file://${app}`, size: 1, submodules: true, ...how };
      await expect(pools.create(ask)).rejects.toMatchObject(refused);
      expect(pools.book.allPools()).toEqual([]);
    },
  );

  test('where there are too many of them with those below, and each repository is asked once', async () => {
    const [app, middle, leaf] = ['app', 'middle', 'leaf'].map((name) => join(root, name)) as [string, string, string];
    for (const folder of [app, middle, leaf]) makeRepository(folder);
    pinMany(middle, 20, '../leaf', tip(leaf));
    pinMany(app, 20, '../middle', tip(middle));
    const pools = await openPools(root);
    const ask = { name: 'app', size: 0, submodules: true };
    const asked: string[] = [];
    const ensure = pools.mirrors.ensure.bind(pools.mirrors);
    pools.mirrors.ensure = (url) => (asked.push(url), ensure(url));
    await pools.create({ ...ask, name: 'within', repository_url: `file://${app}` });
    expect(asked.filter((url) => url.endsWith('/leaf'))).toHaveLength(1);
    pinMany(middle, 25, '../leaf', tip(leaf));
    pinMany(app, 20, '../middle', tip(middle));
    await pools.mirrors.refresh(`file://${app}`);
    await expect(pools.create({ ...ask, repository_url: `file://${app}` })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('more than 500 submodules'),
    });
  });

  test.each<[string, string, [string, string][]]>([
    ['a url that no pattern names', 'file:///elsewhere/lib', []],
    ['a url that is a program', 'ext::sh -c touch% canary', []],
    ['an update that is a program', '../lib', [['update', '!touch canary']]],
  ])('where one has %s, with a mirror and without', async (_what, url, more) => {
    const app = join(root, 'served/app');
    makeRepository(join(root, 'served/lib'));
    makeRepository(app);
    pin(app, 'lib', url, tip(join(root, 'served/lib')), more);
    const pools = await openPools(root, undefined, `file://${root}/served/*`);
    for (const reference_mirror of [true, false]) {
      const ask = { name: 'app', repository_url: `file://${app}`, size: 2, submodules: true, reference_mirror };
      await expect(pools.create(ask)).rejects.toMatchObject(refused);
      expect([pools.book.allPools(), pools.book.slotsOf()]).toEqual([[], []]);
    }
    expect(existsSync('canary') || existsSync(join(pools.folder.of('home'), 'canary'))).toBe(false);
  });
});
