import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ProblemError, type SlotView } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { pack, setByte } from './patient.js';
import { openPools, startPools } from './pool-under-test.js';
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

const isFull = () => Promise.reject(new ProblemError('DISK_UNAVAILABLE', 'No room.', { retry_after: 30 }));

describe('whoever is told that nothing was kept', () => {
  test('has no slot, and whoever asks next gets one', async () => {
    under = await startPools({ size: 1 });
    const { pools } = under;
    const put = pools.locks.put.bind(pools.locks);
    pools.locks.put = isFull;
    await expect(pools.allocate({ pool: 'app', owner: 'one' })).rejects.toMatchObject({ code: 'DISK_UNAVAILABLE' });
    expect(pools.pools.get('app').slots).toMatchObject([{ state: 'AVAILABLE' }]);
    pools.locks.put = put;
    const keep = pools.book.keep.bind(pools.book);
    pools.book.keep = isFull;
    await expect(pools.allocate({ pool: 'app', owner: 'one' })).rejects.toMatchObject({ code: 'DISK_UNAVAILABLE' });
    expect(await pools.locks.all()).toEqual([]);
    pools.book.keep = keep;
    expect(await pools.allocate({ pool: 'app', owner: 'one' })).toMatchObject({ state: 'ALLOCATED', owner: 'one' });
  });

  test.each([1, 2, 3, 5])('has no new slot and no pool, after %i records were written', async (records) => {
    under = await startPools({ size: 1 });
    const { pools, url } = under;
    const keep = pools.book.keep.bind(pools.book);
    let written = 0;
    pools.book.keep = (slot) => ((written += 1) >= records ? isFull() : keep(slot));
    await expect(pools.create({ name: 'new', repository_url: url, size: 2 })).rejects.toMatchObject({
      code: 'DISK_UNAVAILABLE',
    });
    written = Math.max(0, records - 3);
    await expect(pools.pools.addSlot({ pool: 'app' })).rejects.toMatchObject({ code: 'DISK_UNAVAILABLE' });
    pools.book.keep = keep;
    for (const book of [pools.book, (await openPools(under.root, pools.clock)).book]) {
      expect(book.allPools().map(({ name }) => name)).toEqual(['app']);
      expect(book.slotsOf().map(({ pool, state }) => [pool, state])).toEqual([['app', 'AVAILABLE']]);
    }
    expect(await pools.create({ name: 'new', repository_url: url, size: 2 })).toMatchObject({ size: 2 });
  });
});

describe('a recovery', () => {
  test('takes back sound slots that were put on hold, and those whose repair was cut short', async () => {
    under = await startPools({ size: 2 });
    const { pools, slots } = under;
    for (const { slot_id } of slots) await pools.book.move(slot_id, 'inspect');
    await pools.book.move((slots[0] as SlotView).slot_id, 'hold', { isolation_reason: 'this host is in the way' });
    expect(await pools.autoRecover({ dry_run: true })).toMatchObject({ corrupted_recovered: 2 });
    expect(await pools.autoRecover()).toMatchObject({ corrupted_recovered: 2, corrupted_isolated: 0, errors: [] });
    expect(pools.pools.get('app').slots).toMatchObject([
      { state: 'AVAILABLE', metadata: { isolation_reason: null } },
      { state: 'AVAILABLE' },
    ]);
  });

  test('in two passes tells what the second could not mend, and what it looked past', async () => {
    under = await startPools({ size: 2 });
    const { pools, slots } = under;
    const [used, worn] = slots as [SlotView, SlotView];
    await pools.book.amend(worn.slot_id, {
      metadata: { ...pools.book.slot(worn.slot_id).metadata, recloned_at: new Date().toISOString() },
    });
    rmSync(worn.path, { recursive: true });
    rmSync(join(used.path, '.git', 'HEAD'));
    const worker = spawn('sleep', ['600'], { cwd: used.path });
    await once(worker, 'spawn');
    const recovery = pools.autoRecover({ depth: 'quick', pause_s: 3 });
    await eventually(async () => expect(pools.book.slot(worn.slot_id).state).toBe('ERROR'));
    worker.kill('SIGKILL');
    await once(worker, 'close');
    expect(await recovery).toMatchObject({
      ...{ corrupted_recovered: 1, corrupted_isolated: 1 },
      errors: [expect.stringContaining(worn.slot_id)],
    });
  });
});

test('a lock that a git of an agent before this one has left in a mirror is in the way of nobody', async () => {
  under = await startPools({ size: 1 });
  const { pools, url, root } = under;
  const mirror = pools.folder.mirror(url);
  const left = [join(mirror, 'config.lock'), join(mirror, 'refs', 'heads', 'main.lock')];
  for (const path of left) writeFileSync(path, '');
  const again = await openPools(root, pools.clock);
  expect(left.filter((path) => existsSync(path))).toEqual([]);
  expect(await again.create({ name: 'new', repository_url: url })).toMatchObject({ size: 1 });
});

test('31 a lock of git is left alone while a process works in the slot, and swept once none does', async () => {
  under = await startPools({ size: 1 });
  const { pools, slots } = under;
  const [{ slot_id, path }] = slots as [SlotView];
  const worker = spawn('sleep', ['600'], { cwd: path });
  await once(worker, 'spawn');
  const locks = [join(path, '.git', 'index.lock'), join(path, '.git', 'gc.pid')];
  for (const lock of locks) writeFileSync(lock, `${worker.pid} host\n`);
  await expect(pools.doctor.recover(slot_id)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  expect(locks.every((lock) => existsSync(lock))).toBe(true);
  worker.kill('SIGKILL');
  await once(worker, 'close');
  expect(await pools.doctor.recover(slot_id)).toMatchObject({ outcome: 'recovered', rungs: ['stale-files'] });
  expect(locks.some((lock) => existsSync(lock))).toBe(false);
});

test('a mirror of before there were partial copies is told to give them to a pool that wants them, and to no other', async () => {
  under = await startPools({ size: 1 });
  const { pools, url } = under;
  const mirror = pools.folder.mirror(url);
  const setting = 'uploadpack.allowfilter';
  git(mirror, 'config', '--unset', setting);
  await pools.create({ name: 'whole', repository_url: url, size: 0 });
  expect(git(mirror, 'config', '--list')).not.toContain(setting);
  await pools.create({ name: 'part', repository_url: url, size: 0, partial: 'blob:none' });
  expect(git(mirror, 'config', '--list')).toContain(`${setting}=true`);
});

test('a slot that an owner has left with less of the history than was asked for gets it back', async () => {
  under = await startPools({ size: 0 });
  const { pools, url } = under;
  await pools.create({ name: 'app', repository_url: url, size: 1, shallow: 3 });
  const { slot_id, token, path } = await pools.allocate({ pool: 'app', owner: 'one', ref: 'next' });
  git(path, 'fetch', '-q', '--depth=1', url, '+refs/heads/*:refs/remotes/origin/*');
  expect(git(path, 'rev-list', '--count', 'origin/main').trim()).toBe('1');
  expect((await pools.anomalies()).corrupted_slots).toEqual([]);
  expect(await pools.release({ slot_id, token })).toMatchObject({ state: 'AVAILABLE' });
  expect(git(path, 'rev-list', '--count', 'HEAD').trim()).toBe('3');
  expect(pools.book.slot(slot_id).metadata.last_recovery?.found.join()).toContain('shallow-broken');
});
