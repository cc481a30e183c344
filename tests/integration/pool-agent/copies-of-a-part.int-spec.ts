import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionInput, SlotView } from '@kintsugi/contracts';
import type { FindingKind, Rung } from '../../../apps/pool-agent/src/inspection/domain/finding.js';
import { one, pack, put, setByte, type Patient } from './patient.js';
import { hashOfFolder, openPools, startPools } from './pool-under-test.js';
import { git } from './repository.js';
import { expectSound } from './sound-slot.js';

type Options = Pick<ActionInput<'createPool'>, 'shallow' | 'partial' | 'reference_mirror'>;

interface Damage {
  harm: (patient: Patient) => void;
  finds: FindingKind;
  /** The last repairs. */
  rungs: Rung[];
}

const kinds: [string, Options, 'sha1' | 'sha256'][] = [
  ['shallow', { shallow: 1 }, 'sha1'],
  ['partial, of SHA-256', { partial: 'blob:none' }, 'sha256'],
  ['without a mirror, shallow and partial, of SHA-256', { reference_mirror: false, shallow: 1, partial: 'blob:none' }, 'sha256'],
];

/** What breaks each kind of copy. */
const damages: Record<string, Damage> = {
  'the configuration of a whole copy': {
    harm: ({ gitDir }) => put(join(gitDir, 'config'), '[core]\n\tbare = false\n'),
    ...{ finds: 'config-changed', rungs: ['metadata'] },
  },
  'a broken pack': { harm: (patient) => setByte(pack(patient), 40), finds: 'objects-broken', rungs: ['objects'] },
  'no folder': { harm: ({ path }) => rmSync(path, { recursive: true }), finds: 'folder-missing', rungs: ['re-clone'] },
  'a commit of its own': {
    harm: ({ path }) => {
      writeFileSync(join(path, 'README'), 'mine\n');
      git(path, 'commit', '-q', '-a', '-m', 'Mine');
    },
    ...{ finds: 'unpushed-work', rungs: ['clean'] },
  },
};

const ofShallow: Record<string, Damage> = {
  'no end of the history': {
    harm: ({ gitDir }) => rmSync(join(gitDir, 'shallow')),
    ...{ finds: 'shallow-broken', rungs: ['metadata'] },
  },
  'garbage as the end of the history': {
    harm: ({ gitDir }) => put(join(gitDir, 'shallow'), 'garbage'),
    ...{ finds: 'shallow-broken', rungs: ['metadata'] },
  },
  'an end of the history that is not there': {
    harm: ({ gitDir, path }) => put(join(gitDir, 'shallow'), `${'a'.repeat(git(path, 'rev-parse', 'HEAD').trim().length)}\n`),
    ...{ finds: 'shallow-broken', rungs: ['metadata'] },
  },
};

const ofPartial: Record<string, Damage> = {
  'a pack that does not say that more is to be had': {
    harm: ({ gitDir }) => {
      const packs = join(gitDir, 'objects', 'pack');
      for (const name of readdirSync(packs).filter((file) => file.endsWith('.promisor'))) rmSync(join(packs, name));
    },
    ...{ finds: 'objects-broken', rungs: ['objects'] },
  },
};

describe.each(kinds)('a pool of copies that are %s', (_kind, options, format) => {
  let under: Awaited<ReturnType<typeof startPools>>;
  let slots: SlotView[];
  let tree: string;
  const hasLess = () => (options.shallow === undefined ? lackingIn(slots).every((count) => count > 0) : commitsOf(slots));

  beforeAll(async () => {
    under = await startPools({ size: 0, format });
    const { pools, url, root } = under;
    tree = git(join(root, 'repository'), 'rev-parse', 'HEAD^{tree}');
    git(join(root, 'repository'), 'config', 'uploadpack.allowFilter', 'true');
    git(join(root, 'repository'), 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    slots = (await pools.create({ name: 'app', repository_url: url, size: 2, ...options })).slots;
  });
  afterAll(() => under.close());

  test('is made as it was asked for, and is sound', async () => {
    const { pools, root } = under;
    expect(slots.map(({ state, metadata }) => [state, metadata.verified])).toEqual([
      ['AVAILABLE', true],
      ['AVAILABLE', true],
    ]);
    if (options.shallow !== undefined) expect(commitsOf(slots)).toEqual([options.shallow, options.shallow]);
    if (options.shallow === undefined) expect(Math.min(...lackingIn(slots))).toBeGreaterThan(0);
    expect(readdirSync(pools.folder.of('mirrors'))).toHaveLength(options.reference_mirror === false ? 0 : 1);
    for (const { path } of slots) expectSound(path, tree);
    expect(await pools.anomalies()).toEqual({ long_allocated_slots: [], corrupted_slots: [], orphaned_locks: [] });
    const { shallow = null, partial = null, reference_mirror = true } = options;
    const again = await openPools(root, pools.clock);
    expect(again.pools.get('app')).toMatchObject({ shallow, partial, reference_mirror });
  });

  test('gives what the repository has at another ref, and what it got since', async () => {
    const { pools, root } = under;
    const next = await pools.allocate({ pool: 'app', owner: 'one', ref: 'next' });
    expect(git(next.path, 'show', 'HEAD:README')).toBe('round 2\n');
    git(join(root, 'repository'), 'checkout', '-q', 'next');
    writeFileSync(join(root, 'repository', 'README'), 'since\n');
    git(join(root, 'repository'), 'commit', '-q', '-a', '-m', 'Since');
    const commit = git(join(root, 'repository'), 'rev-parse', 'HEAD').trim();
    git(join(root, 'repository'), 'checkout', '-q', 'main');
    const since = await pools.allocate({ pool: 'app', owner: 'two', ref: commit });
    expect(git(since.path, 'show', 'HEAD:README')).toBe('since\n');
    for (const { slot_id, token } of [next, since]) {
      expect(await pools.release({ slot_id, token })).toMatchObject({ state: 'AVAILABLE', saved: null });
    }
    for (const { path } of slots) expectSound(path, tree);
    expect(await pools.anomalies()).toMatchObject({ corrupted_slots: [] });
  });

  test.each(
    Object.entries({
      ...damages,
      ...(options.shallow === undefined ? {} : ofShallow),
      ...(options.partial === undefined ? {} : ofPartial),
    }),
  )('is repaired after %s, to as much as was asked for', async (_name, { harm, finds, rungs }) => {
    const { pools } = under;
    const [slot, neighbour] = slots as [SlotView, SlotView];
    const before = [hashOfFolder(neighbour.path), hasLess()];
    harm({ path: slot.path, gitDir: join(slot.path, '.git'), canary: '', outside: under.root });
    const recovery = await pools.doctor.recover(slot.slot_id);
    expect(recovery.found.map(({ kind }) => kind)).toContain(finds);
    const last = recovery.rungs.slice(-rungs.length);
    expect({ outcome: recovery.outcome, last, reason: recovery.reason }).toEqual({
      outcome: 'recovered',
      last: rungs,
      reason: null,
    });
    expectSound(slot.path, tree);
    if (finds === 'unpushed-work') {
      expect(git(slot.path, 'bundle', 'list-heads', one(recovery.saved as string, /commits\.bundle$/))).toContain(
        'refs/heads/main',
      );
    }
    expect([hashOfFolder(neighbour.path), hasLess()]).toEqual(before);
    expect(await pools.doctor.recover(slot.slot_id)).toMatchObject({ outcome: 'healthy', rungs: [] });
  });
});

test('without a mirror a repair that needs the remote waits for it, and one that does not is made', async () => {
  const { pools, url, root, close } = await startPools({ size: 0 });
  const { slots } = await pools.create({ name: 'app', repository_url: url, size: 1, reference_mirror: false });
  const [{ slot_id, path }] = slots as [SlotView];
  rmSync(join(root, 'repository'), { recursive: true });
  put(join(path, 'README'), 'changed');
  expect(await pools.doctor.recover(slot_id)).toMatchObject({ outcome: 'recovered', rungs: ['clean'] });
  rmSync(join(path, '.git', 'HEAD'));
  expect(await pools.doctor.recover(slot_id)).toMatchObject({
    ...{ success: false, reason: expect.stringContaining('repository'), slot: { state: 'ERROR' } },
  });
  await expect(pools.create({ name: 'x', repository_url: url, reference_mirror: false })).rejects.toMatchObject({
    code: 'REPOSITORY_UNAVAILABLE',
  });
  close();
});

const commitsOf = (slots: readonly SlotView[]): number[] =>
  slots.map(({ path }) => Number(git(path, 'rev-list', '--count', 'HEAD')));

/** Objects that are not there, of all that the refs lead to. */
const lackingIn = (slots: readonly SlotView[]): number[] =>
  slots.map(
    ({ path }) =>
      git(path, 'rev-list', '--objects', '--missing=print', '--all')
        .split('\n')
        .filter((line) => line.startsWith('?')).length,
  );
