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
import { git } from './repository.js';
import { expectWhole, makeRepositories, pin, tip } from './with-submodules.js';

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
