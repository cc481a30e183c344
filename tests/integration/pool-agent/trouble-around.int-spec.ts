import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import { startFailingRemote } from './failing-remote.js';
import { hashOfFolder, openPools, type PoolUnderTest } from './pool-under-test.js';
import { git, makeRepository } from './repository.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kintsugi-pool-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a remote', () => {
  let remote: Awaited<ReturnType<typeof startFailingRemote>>;
  let pools: PoolUnderTest;
  let repository: string;
  let url: string;

  beforeEach(async () => {
    repository = join(root, 'served', 'app');
    makeRepository(repository);
    remote = await startFailingRemote(join(root, 'served'));
    url = `${remote.url}/app/.git`;
    pools = await open();
  });
  afterEach(() => remote.close());

  /** With a time limit for what asks the remote, where that is meant to be over. */
  const open = (limitMs?: number) => openPools(root, undefined, `${remote.url}/*`, limitMs);

  const commit = (text: string, ...options: string[]): string => {
    writeFileSync(join(repository, 'README'), text);
    git(repository, 'commit', '-q', '-a', '-m', text, ...options);
    return git(repository, 'rev-parse', 'HEAD').trim();
  };

  test('that drops what it sends is asked three times more, and what it has is taken when it gives it', async () => {
    remote.set('drop');
    await expect(pools.create({ name: 'app', repository_url: url })).rejects.toMatchObject({ code: 'REPOSITORY_UNAVAILABLE' });
    expect(remote.asked()).toBe(4);
    expect(['mirrors', 'staging', 'slots'].flatMap((part) => readdirSync(pools.folder.of(part as 'mirrors')))).toEqual([]);
    remote.set('through', 'drop', 'drop');
    expect(await pools.create({ name: 'app', repository_url: url })).toMatchObject({ slots: [{ state: 'AVAILABLE' }] });
    expect(remote.asked()).toBe(3);
  });

  test.each(['drop', 'stall'] as const)(
    'that fails (%s) leaves slots as they are, and repairs from the mirror go on',
    async (how) => {
      const { slots } = await pools.create({ name: 'app', repository_url: url, size: 2 });
      const [slot, other] = slots as [SlotView, SlotView];
      const before = hashOfFolder(other.path);
      const since = commit('since\n');
      remote.set(how);
      const hasty = await open(how === 'stall' ? 3_000 : undefined);
      await expect(hasty.allocate({ pool: 'app', owner: 'one', ref: since })).rejects.toMatchObject({
        code: 'REPOSITORY_UNAVAILABLE',
      });
      expect(hasty.pools.get('app').slots.map(({ state }) => state)).toEqual(['AVAILABLE', 'AVAILABLE']);
      expect(await hasty.anomalies()).toMatchObject({ corrupted_slots: [] });
      pools = how === 'stall' ? await open() : hasty;
      rmSync(join(slot.path, '.git'), { recursive: true });
      expect(await pools.doctor.recover(slot.slot_id)).toMatchObject({ outcome: 'recovered', rungs: ['re-clone'] });
      expect(hashOfFolder(other.path)).toBe(before);
      remote.set('through');
      const given = await pools.allocate({ pool: 'app', owner: 'one', ref: since });
      expect(readFileSync(join(given.path, 'README'), 'utf8')).toBe('since\n');
    },
  );

  test('whose history was replaced by force is followed, and nothing of the old one is given out', async () => {
    await pools.create({ name: 'app', repository_url: url });
    const since = commit('another end\n', '--amend');
    const { slot_id, token, path } = await pools.allocate({ pool: 'app', owner: 'one', ref: since });
    expect(readFileSync(join(path, 'README'), 'utf8')).toBe('another end\n');
    expect(await pools.release({ slot_id, token })).toMatchObject({ state: 'AVAILABLE', saved: null });
    expect(pools.book.slot(slot_id).metadata.last_recovery?.rungs).toEqual(['clean']);
    expect(git(path, 'rev-parse', 'HEAD', 'refs/remotes/origin/main').trim().split('\n')).toEqual([since, since]);
    expect(await pools.anomalies()).toMatchObject({ corrupted_slots: [] });
  });
});

const hasMounts = ((folder) => {
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
  if (isMounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return isMounted;
})(mkdtempSync(join(tmpdir(), 'kintsugi-mount-')));

// eslint-disable-next-line no-restricted-syntax -- this user may be one who mounts no small disk
const testOnSmallDisk = hasMounts ? test : test.skip;

testOnSmallDisk('a disk that is full puts a repair on hold, loses nothing, and is repaired once there is room', async () => {
  const disk = join(root, 'disk');
  mkdirSync(disk);
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).status).toBe(0);
  try {
    const pools = await openPools(disk);
    const url = makeRepository(join(root, 'repository'));
    const { slots } = await pools.create({ name: 'app', repository_url: url, size: 2 });
    const [slot, other] = slots as [SlotView, SlotView];
    const before = hashOfFolder(other.path);
    writeFileSync(join(slot.path, 'draft'), 'mine');
    rmSync(join(slot.path, '.git', 'HEAD'));
    fill(disk);
    await expectNoRoom(pools, slot);
    expect(readFileSync(join(slot.path, 'draft'), 'utf8')).toBe('mine');
    rmSync(join(disk, 'ballast'));
    expect(await pools.autoRecover()).toMatchObject({ corrupted_recovered: 1, corrupted_isolated: 0 });
    expect(git(slot.path, 'status', '--porcelain')).toBe('');
    expect(pools.book.slot(slot.slot_id)).toMatchObject({ state: 'AVAILABLE', metadata: { recloned_at: null } });
    expect(hashOfFolder(other.path)).toBe(before);
    const kept = readdirSync(pools.folder.of('saved'), { recursive: true, encoding: 'utf8' });
    expect(kept.filter((path) => path.endsWith('/draft'))).toHaveLength(1);
  } finally {
    spawnSync('umount', [disk]);
  }
});

/** Whatever can't be written: the answer is HOLD where that could be written down, and a refusal where it could not. */
async function expectNoRoom(pools: PoolUnderTest, { slot_id }: SlotView): Promise<void> {
  const outcome = await pools.doctor.recover(slot_id).then(
    (recovery) => recovery.outcome,
    (error: { code: string }) => error.code,
  );
  expect(['held', 'DISK_UNAVAILABLE']).toContain(outcome);
  expect(pools.book.slot(slot_id).state).not.toBe('ERROR');
}

function fill(disk: string): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize));
}
