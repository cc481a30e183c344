import { expect, test } from '@jest/globals';
import { ProblemError, serviceActor, type ActionInput, type ActionName, type PoolHostReport } from '@kintsugi/contracts';
import { ownOrigin } from '@kintsugi/messaging';
import { createLogger } from '@kintsugi/observability';
import { FleetOfPools } from './fleet-of-pools.js';
import { KnownHostsInMemory } from './known-hosts-in-memory.js';
import { PoolAgents } from './pool-agents.js';
import { PoolDoor } from './pool-door.js';

/** Agents that have pools of so many slots. A slot is called after its pool. */
class SomeAgents extends PoolAgents {
  readonly asked: string[] = [];
  readonly off = new Set<string>();

  constructor(readonly hosts: Record<string, Record<string, number>>) {
    super();
  }

  override async ask(host: string, action: ActionName, request: object): Promise<never> {
    if (this.off.has(host)) throw new ProblemError('POOL_HOST_AWAY', `${host} is off.`);
    this.asked.push(`${action} at ${host}`);
    const pools = this.hosts[host] ?? {};
    const { name, pool = name, slot_id: slotId } = request as { name?: string; pool?: string; slot_id?: string };
    await Promise.resolve();
    if (action === 'listPools') {
      return { items: Object.entries(pools).map(([one, size]) => ({ name: one, host, size })) } as never;
    }
    if (action === 'createPool') {
      if (pool !== undefined && pool in pools) throw new ProblemError('POOL_EXISTS', 'It is there.');
      pools[String(pool)] = 1;
    } else if (slotId !== undefined && !(slotId in pools)) {
      throw new ProblemError('SLOT_NOT_FOUND', 'There is no such slot.');
    } else if (pool !== undefined && !(pool in pools)) {
      throw new ProblemError('POOL_NOT_FOUND', 'There is no such pool.');
    }
    return { name: pool, host, ...(action === 'allocate' ? { slot_id: pool } : {}) } as never;
  }

  override async rollCall(): Promise<PoolHostReport[]> {
    return Object.entries(this.hosts)
      .filter(([host]) => !this.off.has(host))
      .map(([host, pools]) => ({ host, pools: Object.keys(pools) }));
  }
}

const known = new KnownHostsInMemory();
const clock = { now: () => 1_000 };
const origin = ownOrigin(serviceActor('gateway'));

async function doorOf(hosts: Record<string, Record<string, number>>, before: readonly PoolHostReport[] = [], off: string[] = []) {
  const agents = new SomeAgents(hosts);
  for (const host of off) agents.off.add(host);
  const fleet = new FleetOfPools(known, agents, clock, createLogger('test', 'silent'));
  for (const report of before) fleet.hear(report);
  await fleet.callRoll();
  const door = new PoolDoor(fleet, agents);
  return {
    agents,
    ask: <Action extends ActionName>(action: Action, data: ActionInput<Action>) => door.ask(action, data, origin),
  };
}

const repository_url = 'https://git.example/a';
const wish = (pool: string) => ({ pool, owner: 'me' });

test('a request about a pool or a slot goes to the host that has it, and to no other', async () => {
  const { agents, ask } = await doorOf({ a: { app: 1 }, b: { site: 1, docs: 2 } });
  await ask('allocate', wish('site'));
  await ask('release', { slot_id: 'site', token: 1 });
  await ask('getPool', { name: 'app' });
  expect(agents.asked).toEqual(['allocate at b', 'release at b', 'getPool at a']);
  await ask('recoverSlot', { slot_id: 'docs' });
  expect(agents.asked.at(-1)).toBe('recoverSlot at b');
});

test('what no host has is not found, at a host that answers', async () => {
  const { agents, ask } = await doorOf({ a: { app: 1 }, b: {} }, [{ host: 'a', pools: ['app'] }], ['a']);
  await expect(ask('getPool', { name: 'none' })).rejects.toMatchObject({ code: 'POOL_NOT_FOUND' });
  agents.off.clear();
  await expect(ask('recoverSlot', { slot_id: 'none' })).rejects.toMatchObject({ code: 'SLOT_NOT_FOUND' });
});

test('a host that is away is told as such, of its pools and of slots that it may have', async () => {
  const { ask } = await doorOf({ a: { app: 1 }, b: { site: 1 } }, [{ host: 'b', pools: ['site'] }], ['b']);
  await expect(ask('allocate', wish('site'))).rejects.toMatchObject({
    code: 'POOL_HOST_AWAY',
    status: 503,
    message: 'b is off.',
  });
  await expect(ask('recoverSlot', { slot_id: 'site' })).rejects.toMatchObject({ code: 'POOL_HOST_AWAY', status: 503 });
  await expect(ask('getPool', { name: 'app' })).resolves.toMatchObject({ host: 'a' });
});

test('what is about all pools is asked of all hosts, and says which of them is missing', async () => {
  const { agents, ask } = await doorOf({ a: { app: 1 }, b: { another: 2 } });
  expect(await ask('listPools', {})).toEqual({
    items: [
      { name: 'another', host: 'b', size: 2 },
      { name: 'app', host: 'a', size: 1 },
    ],
  });
  agents.off.add('b');
  expect(await ask('listPools', {})).toEqual({
    items: [{ name: 'app', host: 'a', size: 1 }],
    hosts_away: [{ host: 'b', reason: 'b is off.' }],
  });
  expect(await ask('listPools', {})).not.toBeNull();
  agents.off.add('a');
  await expect(ask('listPools', {})).rejects.toMatchObject({ code: 'POOL_HOST_AWAY' });
});

test('a new pool goes to the host that is named, or to the one with the fewest slots that answers', async () => {
  const { agents, ask } = await doorOf({ a: { app: 5 }, b: { site: 2 }, c: {} }, [{ host: 'c', pools: [] }], ['c']);
  expect(await ask('createPool', { name: 'one', repository_url, host: 'a' })).toMatchObject({ host: 'a' });
  expect(await ask('createPool', { name: 'two', repository_url })).toMatchObject({ host: 'b' });
  await expect(ask('createPool', { name: 'three', repository_url, host: 'd' })).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  });
  expect(agents.asked.filter((line) => line.startsWith('createPool'))).toEqual(['createPool at a', 'createPool at b']);
});

test('no two hosts get a pool of one name, also when both are asked for at once', async () => {
  const { agents, ask } = await doorOf({ a: { app: 5 }, b: {} });
  await expect(ask('createPool', { name: 'app', repository_url, host: 'b' })).rejects.toMatchObject({ code: 'POOL_EXISTS' });
  const both = await Promise.allSettled([
    ask('createPool', { name: 'new', repository_url }),
    ask('createPool', { name: 'new', repository_url, host: 'a' }),
  ]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(agents.hosts).toEqual({ a: { app: 5 }, b: { new: 1 } });
});

test('where two hosts have brought a pool of one name, whoever asks says which', async () => {
  const { ask } = await doorOf({ a: { app: 1 }, b: { app: 1 } });
  await expect(ask('allocate', wish('app'))).rejects.toMatchObject({ code: 'POOL_AMBIGUOUS', status: 409 });
  expect(await ask('allocate', { ...wish('app'), host: 'b' })).toMatchObject({ host: 'b' });
});

test('without any host it is said how to get one', async () => {
  const { ask } = await doorOf({});
  await expect(ask('listPools', {})).rejects.toMatchObject({
    code: 'POOL_HOST_AWAY',
    message: expect.stringContaining('POOL_ALLOWED_URLS'),
  });
});
