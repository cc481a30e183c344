import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import type { FindingKind, Rung } from '../../../apps/pool-agent/src/inspection/domain/finding.js';
import { one, pack, payload, put, setByte, type Patient } from './patient.js';
import { hashOfFolder, openPools, type PoolUnderTest } from './pool-under-test.js';
import { git, makeRepository } from './repository.js';

/** The same as `git submodule add`, of whatever anybody may commit. */
function pin(folder: string, path: string, url: string, commit: string, more: [string, string][] = []): void {
  const name = `submodule.${path}`;
  for (const [key, value] of [['path', path], ['url', url], ...more] as [string, string][]) {
    git(folder, 'config', '-f', '.gitmodules', `${name}.${key}`, value);
  }
  git(folder, 'add', '.gitmodules');
  git(folder, 'update-index', '--add', '--cacheinfo', `160000,${commit},${path}`);
  git(folder, 'commit', '-q', '-m', `Pin ${path}`);
}

const tip = (folder: string, name = 'HEAD'): string => git(folder, 'rev-parse', name).trim();

/** `app` has `libs/one`, which has `deep`; on `older` it is at an older commit, and on `next` there is none. */
function makeRepositories(root: string): { app: string; lib: string } {
  const [app, lib, deep] = ['app', 'lib', 'deep'].map((name) => join(root, name)) as [string, string, string];
  for (const folder of [app, lib, deep]) makeRepository(folder);
  const old = tip(lib);
  pin(lib, 'deep', '../deep', tip(deep));
  pin(app, 'libs/one', '../lib', old);
  git(app, 'branch', 'older');
  pin(app, 'libs/one', '../lib', tip(lib));
  return { app, lib };
}

/** By git as a person has it. */
function expectWhole(path: string, commit: string): void {
  expect(
    git(path, 'submodule', 'status', '--recursive').replaceAll(/^.|[0-9a-f]{40}| \(.*\)$/gm, (part) =>
      part.length > 1 ? '' : part,
    ),
  ).toBe('  libs/one\n  libs/one/deep\n');
  expect(git(path, 'status', '--porcelain', '--ignored')).toBe('');
  for (const folder of [path, join(path, 'libs/one'), join(path, 'libs/one/deep')]) {
    expect(git(folder, 'fsck', '--full', '--no-dangling', '--no-progress')).toBe('');
    expect(existsSync(join(folder, '.git', 'hooks'))).toBe(false);
    expect(readFileSync(join(folder, 'README'), 'utf8')).toBe('round 3\n');
  }
  expect(tip(join(path, 'libs/one'))).toBe(commit);
}

interface Damage {
  harm: (submodule: Patient, slot: string) => void;
  finds: FindingKind;
  rungs: Rung[];
}

const damages: Record<string, Damage> = {
  'has no .git folder': {
    harm: ({ gitDir }) => rmSync(gitDir, { recursive: true }),
    ...{ finds: 'submodule-missing', rungs: ['submodules'] },
  },
  'has a broken pack': {
    harm: (patient) => setByte(pack(patient), 40),
    ...{ finds: 'submodule-broken', rungs: ['submodules'] },
  },
  'has work, another commit, and a configuration and hooks that run programs': {
    harm: ({ gitDir, canary, path }) => {
      git(path, 'checkout', '-q', '-b', 'mine', 'HEAD~1');
      put(join(gitDir, 'hooks', 'post-checkout'), payload(canary));
      git(path, 'config', 'core.fsmonitor', `touch ${canary}`);
      git(path, 'config', 'filter.x.smudge', `touch ${canary}`);
      git(path, 'config', 'filter.x.clean', `touch ${canary}`);
      put(join(gitDir, 'info', 'attributes'), '* filter=x\n');
      put(join(gitDir, 'index.lock'), '');
      appendFileSync(join(path, 'README'), 'mine');
    },
    ...{ finds: 'submodule-changed', rungs: ['clean'] },
  },
  'is reached through a link to elsewhere': {
    harm: ({ path, outside }) => {
      renameSync(path, join(outside, 'one'));
      rmSync(join(path, '..'), { recursive: true });
      symlinkSync(outside, join(path, '..'));
    },
    ...{ finds: 'submodule-missing', rungs: ['clean', 'submodules'] },
  },
  'has a submodule without a HEAD': {
    harm: ({ path }) => rmSync(join(path, 'deep', '.git', 'HEAD')),
    ...{ finds: 'submodule-changed', rungs: ['clean'] },
  },
  'has a submodule that is gone': {
    harm: ({ path }) => rmSync(join(path, 'deep'), { recursive: true }),
    ...{ finds: 'submodule-missing', rungs: ['submodules'] },
  },
};

describe('a pool with submodules', () => {
  let [root, app, lib] = ['', '', ''];
  let pools: PoolUnderTest;
  let slots: SlotView[];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'kintsugi-pool-'));
    ({ app, lib } = makeRepositories(root));
    pools = await openPools(root);
    slots = (await pools.create({ name: 'app', repository_url: `file://${app}`, size: 2, submodules: true })).slots;
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('has them in each slot, down to the lowest, and is sound', async () => {
    expect(slots.map(({ state }) => state)).toEqual(['AVAILABLE', 'AVAILABLE']);
    for (const { path } of slots) expectWhole(path, tip(lib));
    expect(await pools.anomalies()).toEqual({ long_allocated_slots: [], corrupted_slots: [], orphaned_locks: [] });
    expect((await openPools(root, pools.clock)).pools.get('app')).toMatchObject({ submodules: true });
  });

  test('gives them as another ref has them, also what was pushed since, and is as it was after a release', async () => {
    const older = await pools.allocate({ pool: 'app', owner: 'one', ref: 'older' });
    expect(tip(join(older.path, 'libs/one'))).toBe(tip(lib, 'HEAD~1'));
    expect(existsSync(join(older.path, 'libs/one/deep'))).toBe(false);
    const none = await pools.allocate({ pool: 'app', owner: 'two', ref: 'next' });
    expect(existsSync(join(none.path, 'libs'))).toBe(false);
    for (const { slot_id, token } of [older, none]) {
      expect(await pools.release({ slot_id, token })).toMatchObject({ state: 'AVAILABLE' });
    }

    git(lib, 'checkout', '-q', '-b', 'since');
    writeFileSync(join(lib, 'README'), 'since\n');
    git(lib, 'commit', '-q', '-a', '-m', 'Since');
    git(app, 'checkout', '-q', '-b', 'since');
    pin(app, 'libs/one', '../lib', tip(lib));
    const since = await pools.allocate({ pool: 'app', owner: 'one', ref: 'since' });
    expect(readFileSync(join(since.path, 'libs/one/README'), 'utf8')).toBe('since\n');
    for (const folder of [app, lib]) git(folder, 'checkout', '-q', folder === app ? 'main' : '-');
    expect(await pools.release({ slot_id: since.slot_id, token: since.token })).toMatchObject({
      state: 'AVAILABLE',
      saved: null,
    });
    for (const { path } of slots) expectWhole(path, tip(lib));
  });

  test('keeps what an owner has left in them, also where an index was told to overlook it', async () => {
    const { slot_id, token, path } = await pools.allocate({ pool: 'app', owner: 'one' });
    const module = join(path, 'libs/one');
    git(module, 'checkout', '-q', '-b', 'mine');
    writeFileSync(join(module, 'README'), 'mine\n');
    git(module, 'commit', '-q', '-a', '-m', 'Mine');
    writeFileSync(join(module, 'draft'), 'mine\n');
    git(join(module, 'deep'), 'update-index', '--assume-unchanged', 'README');
    writeFileSync(join(module, 'deep', 'README'), 'overlooked\n');
    expect((await pools.anomalies()).corrupted_slots).toEqual([]);
    const { saved, state } = await pools.release({ slot_id, token });
    expect(state).toBe('AVAILABLE');
    const kept = join(saved as string, 'submodules/libs/one');
    expect(readFileSync(join(kept, 'files/draft'), 'utf8')).toBe('mine\n');
    expect(git(path, 'bundle', 'list-heads', join(kept, 'commits.bundle'))).toContain('refs/heads/mine');
    expectWhole(path, tip(lib));
  });

  test('sets the repository of one aside that git has taken into the .git folder of the slot', async () => {
    const { slot_id, token, path } = await pools.allocate({ pool: 'app', owner: 'one' });
    git(join(path, 'libs/one'), 'commit', '-q', '--allow-empty', '-m', 'Mine');
    git(path, 'submodule', 'absorbgitdirs');
    expect(await pools.release({ slot_id, token })).toMatchObject({ state: 'AVAILABLE' });
    expectWhole(path, tip(lib));
    const set = one(pools.folder.of('trash'), /^modules-[^/]+\/libs\/one\/HEAD$/);
    expect(git(path, `--git-dir=${join(set, '..')}`, `--work-tree=${root}`, 'log', '-1', '--format=%s').trim()).toBe('Mine');
  });

  test.each(Object.entries(damages))(
    'is repaired where one %s, and nothing of it is run',
    async (name, { harm, finds, rungs }) => {
      const [slot, neighbour] = slots as [SlotView, SlotView];
      const outside = join(root, 'outside', name.replaceAll(' ', '-'));
      mkdirSync(outside, { recursive: true });
      const path = join(slot.path, 'libs/one');
      const patient = { path, gitDir: join(path, '.git'), canary: join(root, 'canary'), outside };
      harm(patient, slot.path);
      rmSync(patient.canary, { force: true });
      const before = [hashOfFolder(neighbour.path), hashOfFolder(outside)];
      const recovery = await pools.doctor.recover(slot.slot_id);
      expect(recovery.found.map(({ kind }) => kind)).toContain(finds);
      expect({ outcome: recovery.outcome, rungs: recovery.rungs, reason: recovery.reason }).toEqual({
        ...{ outcome: 'recovered', rungs, reason: null },
      });
      expect(existsSync(patient.canary)).toBe(false);
      expect([hashOfFolder(neighbour.path), hashOfFolder(outside)]).toEqual(before);
      expectWhole(slot.path, tip(lib));
    },
  );

  test('is left alone a second time', async () => {
    const after = hashOfFolder(pools.folder.of('slots'));
    expect((await pools.anomalies()).corrupted_slots).toEqual([]);
    expect(await pools.doctor.recover((slots[0] as SlotView).slot_id)).toMatchObject({ outcome: 'healthy', rungs: [] });
    expect(hashOfFolder(pools.folder.of('slots'))).toBe(after);
  });
});

describe('a repository is not cloned with submodules', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'kintsugi-pool-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.each<[string, string, [string, string][]]>([
    ['a url that no pattern names', 'file:///elsewhere/lib', []],
    ['a url that is a program', 'ext::sh -c touch% canary', []],
    ['an update that is a program', '../lib', [['update', '!touch canary']]],
  ])('of which one has %s', async (_what, url, more) => {
    const served = mkdtempSync(join(root, 'served-'));
    const app = join(served, 'app');
    makeRepository(join(served, 'lib'));
    makeRepository(app);
    pin(app, 'lib', url, tip(join(served, 'lib')), more);
    const pools = await openPools(mkdtempSync(join(root, 'host-')), undefined, `file://${served}/*`);
    const ask = { name: 'app', repository_url: `file://${app}`, size: 1 };
    await expect(pools.create({ ...ask, submodules: true })).rejects.toMatchObject({
      code: expect.stringMatching(/^REPOSITORY_(NOT_ALLOWED|UNAVAILABLE)$/),
    });
    expect(pools.book.slotsOf()).toEqual([]);
    const bare = { ...ask, submodules: true, reference_mirror: false };
    const slots = await pools.create(bare).then(
      (pool) => pool.slots,
      () => [],
    );
    expect(slots.filter(({ state }) => state !== 'ERROR')).toEqual([]);
    expect(existsSync('canary') || existsSync(join(pools.folder.of('home'), 'canary'))).toBe(false);
  });
});
