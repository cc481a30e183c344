import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startPools, type PoolUnderTest } from './pool-under-test.js';
import { git } from './repository.js';

let under: Awaited<ReturnType<typeof startPools>>;
let pools: PoolUnderTest;

beforeEach(async () => {
  under = await startPools({ size: 2 });
  ({ pools } = under);
});
afterEach(() => under.close());

describe('an allocation that ends in silence', () => {
  test('comes back when no beat has come for its lease, and not while a process works there', async () => {
    const { slot_id, path, token } = await pools.allocate({ pool: 'app', owner: 'task', lease_s: 60, release_when_silent: true });
    const lasting = await pools.allocate({ pool: 'app', owner: 'person', lease_s: 60 });
    writeFileSync(join(path, 'README'), 'half written');
    expect(await pools.leases.takeBack()).toBe(0);
    pools.clock.passHours(1);
    const command = spawn('sleep', ['600'], { cwd: path });
    await once(command, 'spawn');
    expect(await pools.leases.takeBack()).toBe(0);
    command.kill('SIGKILL');
    await once(command, 'close');
    expect(await pools.leases.takeBack()).toBe(1);
    expect(pools.book.slot(slot_id)).toMatchObject({ state: 'AVAILABLE', allocation: null });
    expect(git(path, 'status', '--porcelain')).toBe('');
    await expect(pools.allocations.heartbeat({ slot_id, token })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(pools.book.slot(lasting.slot_id).state).toBe('ALLOCATED');
  });
});

describe('a pool that is deleted', () => {
  test('goes as a whole, or not at all where somebody has a slot; none of its slots is given out meanwhile', async () => {
    await pools.book.holding(under.slots[0]?.slot_id as string, async () => {
      await expect(pools.delete({ name: 'app' })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    });
    expect(pools.pools.get('app').slots.map(({ state }) => state)).toEqual(['AVAILABLE', 'AVAILABLE']);
    const deletion = pools.delete({ name: 'app' });
    await expect(pools.allocate({ pool: 'app', owner: 'one' })).rejects.toMatchObject({ code: 'POOL_EXHAUSTED' });
    await expect(pools.pools.addSlot({ pool: 'app' })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await deletion).toMatchObject({ slots: 2 });
    await expect(pools.allocate({ pool: 'app', owner: 'one' })).rejects.toMatchObject({ code: 'POOL_NOT_FOUND' });
    expect(readdirSync(pools.folder.of('slots'))).toEqual([]);
  });
});
