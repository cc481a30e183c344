import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SlotView } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { openPools, startPools, type PoolUnderTest } from './pool-under-test.js';
import { git } from './repository.js';

let under: Awaited<ReturnType<typeof startPools>>;
let pools: PoolUnderTest;
let slots: SlotView[];

beforeEach(async () => {
  under = await startPools({ size: 2 });
  ({ pools, slots } = under);
});
afterEach(() => under.close());

const first = () => slots[0] as SlotView;

describe('an allocation', () => {
  test('gives a clean slot at the ref asked for, to one owner at a time', async () => {
    const given = await Promise.all([
      pools.allocate({ pool: 'app', owner: 'one', ref: 'next' }),
      pools.allocate({ pool: 'app', owner: 'two', purpose: 'tests', ref: 'v1' }),
    ]);
    expect(new Set(given.map(({ slot_id }) => slot_id)).size).toBe(2);
    expect(given.map(({ path }) => readFileSync(join(path, 'README'), 'utf8'))).toEqual(['round 2\n', 'round 3\n']);
    expect(given[1]).toMatchObject({ state: 'ALLOCATED', owner: 'two', purpose: 'tests', token: expect.any(Number) });
    await expect(pools.allocate({ pool: 'app', owner: 'three' })).rejects.toMatchObject({ code: 'POOL_EXHAUSTED' });
    await expect(pools.allocate({ pool: 'app', owner: 'x', ref: '--upload-pack=touch x' })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });

  test('gives what the repository got since', async () => {
    writeFileSync(join(under.root, 'repository', 'README'), 'round 4\n');
    git(join(under.root, 'repository'), 'commit', '-q', '-a', '-m', 'Round 4');
    const commit = git(join(under.root, 'repository'), 'rev-parse', 'HEAD').trim();
    const { path } = await pools.allocate({ pool: 'app', owner: 'one', ref: commit });
    expect(readFileSync(join(path, 'README'), 'utf8')).toBe('round 4\n');
  });

  test('never gives a slot that is broken: it is repaired first', async () => {
    for (const { path } of slots) rmSync(join(path, '.git', 'HEAD'));
    const { path } = await pools.allocate({ pool: 'app', owner: 'one' });
    expect(git(path, 'status', '--porcelain')).toBe('');
  });

  test('is not ended by who had the slot before', async () => {
    const before = await pools.allocate({ pool: 'app', owner: 'one' });
    await pools.release({ slot_id: before.slot_id, token: before.token });
    let { slot_id, token } = await pools.allocate({ pool: 'app', owner: 'two' });
    while (slot_id !== before.slot_id) ({ slot_id, token } = await pools.allocate({ pool: 'app', owner: 'two' }));
    expect(token).toBeGreaterThan(before.token);
    await expect(pools.release({ slot_id, token: before.token })).rejects.toMatchObject({ code: 'SLOT_TOKEN_STALE' });
  });

  test("is only the owner's to end, and what he leaves behind is kept aside", async () => {
    const { slot_id, token, path } = await pools.allocate({ pool: 'app', owner: 'one' });
    writeFileSync(join(path, 'draft'), 'unsaved');
    writeFileSync(join(path, 'README'), 'committed');
    git(path, 'commit', '-q', '-m', 'Mine', 'README');
    git(path, 'update-index', '--assume-unchanged', 'src/part-1.txt');
    writeFileSync(join(path, 'src/part-1.txt'), 'hidden');
    await expect(pools.release({ slot_id, token: token + 1 })).rejects.toMatchObject({ code: 'SLOT_TOKEN_STALE' });
    await expect(pools.release({ slot_id })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await pools.release({ slot_id, token, dry_run: true })).toMatchObject({ state: 'ALLOCATED' });
    const released = await pools.release({ slot_id, token });
    expect(released).toMatchObject({ state: 'AVAILABLE', owner: null, saved: expect.any(String) });
    expect(readFileSync(join(released.saved as string, 'files', 'draft'), 'utf8')).toBe('unsaved');
    expect(git(path, 'bundle', 'list-heads', join(released.saved as string, 'commits.bundle'))).toContain('refs/heads/main');
    expect(git(path, 'status', '--porcelain', '--ignored')).toBe('');
    expect(readFileSync(join(path, 'src/part-1.txt'), 'utf8')).toContain('text');
    await expect(pools.release({ slot_id, token })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      extras: { allowed: ['ALLOCATED'] },
    });
  });

  test('that is taken from its owner, at once or after it was isolated, has nothing of what he has hidden', async () => {
    for (const take of [
      (id: string) => pools.doctor.recover(id, { force: true }),
      async (id: string) => {
        await pools.doctor.isolate(id, 'looked at first', false);
        return pools.doctor.recover(id);
      },
    ]) {
      const { slot_id, path } = await pools.allocate({ pool: 'app', owner: 'one' });
      git(path, 'update-index', '--assume-unchanged', 'src/part-1.txt');
      writeFileSync(join(path, 'src/part-1.txt'), 'hidden');
      expect(await take(slot_id)).toMatchObject({ success: true, slot: { state: 'AVAILABLE', owner: null } });
      expect(readFileSync(join(path, 'src/part-1.txt'), 'utf8')).toContain('text');
    }
  });

  test('is an anomaly after its time, unless its owner is heard of', async () => {
    const beating = await pools.allocate({ pool: 'app', owner: 'one', lease_s: 60 });
    const silent = await pools.allocate({ pool: 'app', owner: 'two' });
    pools.clock.passHours(25);
    await pools.allocations.heartbeat(beating);
    const found = (await pools.anomalies()).long_allocated_slots;
    expect(found.map(({ slot_id }) => slot_id)).toEqual([silent.slot_id]);
    expect(await pools.autoRecover()).toMatchObject({ long_allocated_released: 0 });
    expect(await pools.autoRecover({ strategy: 'conservative', force_release_long_allocated: true })).toMatchObject({
      long_allocated_released: 0,
    });
    expect(await pools.autoRecover({ strategy: 'aggressive', dry_run: true })).toMatchObject({ long_allocated_released: 1 });
    expect(pools.book.slot(silent.slot_id).state).toBe('ALLOCATED');
    expect(await pools.autoRecover({ strategy: 'aggressive' })).toEqual({
      ...{ long_allocated_released: 1, corrupted_recovered: 0, corrupted_isolated: 0, orphaned_locks_cleaned: 0, errors: [] },
    });
    expect(pools.book.slot(silent.slot_id).state).toBe('AVAILABLE');
    await expect(pools.release(tokenOf(silent))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect((await pools.release(tokenOf(beating))).state).toBe('AVAILABLE');
  });
});

describe('a recovery', () => {
  test('counts what it did, exactly', async () => {
    writeFileSync(join(first().path, '.git', 'HEAD'), 'garbage');
    const lock = join((slots[1] as SlotView).path, '.git', 'index.lock');
    writeFileSync(lock, '');
    utimesSync(lock, 1, 1);
    writeFileSync(pools.folder.lock('slot_unknown'), 'x');
    utimesSync(pools.folder.lock('slot_unknown'), 1, 1);
    const found = await pools.anomalies();
    expect(found.corrupted_slots).toMatchObject([{ slot_id: first().slot_id, findings: [{ kind: 'head-broken' }] }]);
    expect(found.orphaned_locks).toEqual(['slot_unknown', (slots[1] as SlotView).slot_id]);
    expect(await pools.autoRecover()).toEqual({
      ...{ long_allocated_released: 0, corrupted_recovered: 1, corrupted_isolated: 0, orphaned_locks_cleaned: 2, errors: [] },
    });
    const text = await pools.metrics.registry.metrics();
    expect(text).toMatch(/kintsugi_recovery_slots_recovered_total(?:{[^}]*})? 1\n/);
    expect(text).toMatch(/kintsugi_recovery_locks_cleaned_total(?:{[^}]*})? 2\n/);
  });

  test('in two passes takes a slot from a silent owner in the second alone, and repairs in the first', async () => {
    const silent = await pools.allocate({ pool: 'app', owner: 'one' });
    const other = slots.find(({ slot_id }) => slot_id !== silent.slot_id) as SlotView;
    pools.clock.passHours(25);
    rmSync(join(other.path, '.git', 'HEAD'));
    const recovery = pools.autoRecover({ strategy: 'aggressive', depth: 'quick', pause_s: 1 });
    await eventually(async () => expect(pools.book.slot(other.slot_id).metadata.last_recovery?.rungs).toEqual(['metadata']));
    expect(pools.book.slot(silent.slot_id).state).toBe('ALLOCATED');
    const others = await Promise.allSettled([pools.autoRecover(), pools.autoRecover()]);
    expect(others).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'STATE_CONFLICT' } }]);
    expect(await recovery).toMatchObject({ long_allocated_released: 1, corrupted_recovered: 1, errors: [] });
    expect(pools.book.slot(silent.slot_id).state).toBe('AVAILABLE');
  });

  test('touches nothing while a process works in the slot', async () => {
    const lock = join(first().path, '.git', 'index.lock');
    writeFileSync(lock, '');
    utimesSync(lock, 1, 1);
    const worker = spawn('sleep', ['600'], { cwd: first().path });
    await once(worker, 'spawn');
    expect((await pools.anomalies()).orphaned_locks).toEqual([]);
    await expect(pools.doctor.recover(first().slot_id, { force: true })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(existsSync(lock)).toBe(true);
    worker.kill('SIGKILL');
    await once(worker, 'close');
    expect(await pools.doctor.recover(first().slot_id)).toMatchObject({ outcome: 'recovered', rungs: ['stale-files'] });
  });

  test("that can't succeed isolates the slot with advice; force calls it available and not verified", async () => {
    const { slot_id, path } = first();
    rmSync(join(under.root, 'repository'), { recursive: true });
    rmSync(pools.folder.of('mirrors'), { recursive: true });
    rmSync(path, { recursive: true });
    const failed = await pools.doctor.recover(slot_id);
    expect(failed).toMatchObject({
      success: false,
      outcome: 'isolated',
      slot: { state: 'ERROR' },
      reason: expect.stringContaining('repository'),
    });
    expect(failed.advice.join('\n')).toMatch(/df -h[^]*fsck --full[^]*remove-slot/);
    expect(await pools.autoRecover()).toMatchObject({ corrupted_recovered: 0, corrupted_isolated: 0 });
    expect(pools.book.slot(slot_id).state).toBe('ERROR');
    expect(await pools.doctor.recover(slot_id, { force: true })).toMatchObject({
      ...{
        success: true,
        outcome: 'forced',
        slot: { state: 'AVAILABLE', metadata: { verified: false, failed_recoveries: 2 } },
      },
    });
    expect((await pools.allocate({ pool: 'app', owner: 'one' })).slot_id).not.toBe(slot_id);
  });

  test('clones again once a day by itself, and isolates what breaks more often', async () => {
    rmSync(first().path, { recursive: true });
    expect(await pools.autoRecover()).toMatchObject({ corrupted_recovered: 1 });
    rmSync(first().path, { recursive: true });
    expect(await pools.autoRecover()).toMatchObject({
      corrupted_recovered: 0,
      corrupted_isolated: 1,
      errors: [expect.stringContaining('within a day')],
    });
    expect(await pools.doctor.recover(first().slot_id)).toMatchObject({ success: true });
  });

  test('of a mirror that is broken clones it again', async () => {
    const mirror = pools.folder.mirror(under.url);
    const packs = join(mirror, 'objects', 'pack');
    const pack = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack')) as string);
    rmSync(first().path, { recursive: true });
    pools.clock.passHours(1);
    const bytes = readFileSync(pack);
    bytes[20] = (bytes[20] as number) ^ 0xff;
    rmSync(pack);
    writeFileSync(pack, bytes);
    expect(await pools.doctor.recover(first().slot_id)).toMatchObject({ outcome: 'recovered', rungs: ['re-clone'] });
  });

  test('of a mirror that git has just cloned, and read on the way, reads it no second time', async () => {
    for (const gone of [first().path, pools.folder.mirror(under.url)]) rmSync(gone, { recursive: true });
    pools.clock.passHours(1);
    const asked: string[] = [];
    const run = pools.git.run.bind(pools.git);
    pools.git.run = (args, call) => (asked.push(String(args[0])), run(args, call));
    expect(await pools.doctor.recover(first().slot_id)).toMatchObject({ outcome: 'recovered', rungs: ['re-clone'] });
    expect(asked.filter((command) => command === 'clone')).toHaveLength(2);
    expect(asked).not.toContain('fsck');
  });

  test('of an isolated slot is for people: nobody gets it, and nothing touches it', async () => {
    await pools.doctor.isolate(first().slot_id, 'looks odd', false);
    rmSync(first().path, { recursive: true });
    expect(await pools.anomalies()).toMatchObject({ corrupted_slots: [] });
    await pools.autoRecover();
    expect(pools.book.slot(first().slot_id)).toMatchObject({
      ...{ state: 'ERROR', metadata: { isolation_reason: 'looks odd', isolated_at: expect.any(String) } },
    });
    expect(await pools.doctor.recover(first().slot_id)).toMatchObject({
      success: true,
      slot: { metadata: { isolated_at: null } },
    });
  });
});

describe('what is written down', () => {
  test('is there after a start, a repair that was cut short too', async () => {
    const taken = await pools.allocate({ pool: 'app', owner: 'one', ref: 'next' });
    const other = slots.find(({ slot_id }) => slot_id !== taken.slot_id) as SlotView;
    await pools.book.move(other.slot_id, 'inspect');
    const again = await openPools(under.root, pools.clock);
    expect(
      again.pools
        .get('app')
        .slots.map(({ state }) => state)
        .sort(),
    ).toEqual(['ALLOCATED', 'RECOVERING']);
    expect((await again.release(tokenOf(taken))).state).toBe('AVAILABLE');
  });

  test('and can no more be read makes a slot that is looked at anew', async () => {
    truncateSync(pools.folder.slotRecord('app', first().slot_id), 10);
    expect((await pools.anomalies()).corrupted_slots).toMatchObject([{ findings: [{ kind: 'record-broken' }] }]);
    const again = await openPools(under.root, pools.clock);
    expect(again.book.slot(first().slot_id).state).toBe('RECOVERING');
    expect(await again.doctor.recover(first().slot_id)).toMatchObject({ success: true, outcome: 'healthy' });
  });
});

test('a repository that no pattern names is not cloned, and no URL is an option', async () => {
  const other = await openPools(join(under.root, 'other'), pools.clock, 'https://git.example/*');
  for (const url of [under.url, 'https://evil.example/x.git']) {
    await expect(other.create({ name: 'x', repository_url: url })).rejects.toMatchObject({ code: 'REPOSITORY_NOT_ALLOWED' });
  }
  for (const url of [
    'ext::sh -c touch% x',
    '--upload-pack=x',
    'ssh://-oProxyCommand=x/y',
    'https://a:b@git.example/x',
    'file:///a/../b',
  ]) {
    await expect(other.create({ name: 'x', repository_url: url })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  }
  mkdirSync(join(under.root, 'empty'));
  await expect(pools.create({ name: 'x', repository_url: `file://${under.root}/empty` })).rejects.toMatchObject({
    code: 'REPOSITORY_UNAVAILABLE',
  });
});

test('a slot that is removed is set aside, and SHA-256 is as good', async () => {
  await pools.remove({ slot_id: first().slot_id });
  expect(pools.pools.get('app').size).toBe(1);
  expect(readdirSync(pools.folder.of('trash'))).toEqual([expect.stringContaining(first().slot_id)]);
  const sha256 = await startPools({ format: 'sha256' });
  const [slot] = sha256.slots as [SlotView];
  rmSync(join(slot.path, '.git', 'refs'), { recursive: true });
  expect(await sha256.pools.doctor.recover(slot.slot_id)).toMatchObject({ outcome: 'recovered', rungs: ['metadata'] });
  expect(await sha256.pools.anomalies()).toMatchObject({ corrupted_slots: [] });
  sha256.close();
});

const tokenOf = ({ slot_id, token }: { slot_id: string; token: number }) => ({ slot_id, token });
