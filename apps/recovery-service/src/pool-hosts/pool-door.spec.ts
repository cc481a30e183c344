import { expect, test } from '@jest/globals';
import { ProblemError, serviceActor, type ActionInput, type ActionName, type PoolHostReport } from '@kintsugi/contracts';
import { ownOrigin } from '@kintsugi/messaging';
import { createLogger } from '@kintsugi/observability';
import { FleetOfPools } from './fleet-of-pools.js';
import { KnownHostsInMemory } from './known-hosts-in-memory.js';
import { ForgetPoolHost } from './commands/forget-pool-host.js';
import { RefusedAtDoor } from './domain/pool-door-problems.js';
import { PoolAgents } from './pool-agents.js';
import { PoolDoor } from './pool-door.js';
import { PoolPlacesInMemory } from './pool-places-in-memory.js';

/** Agents that have pools of so many slots. A slot is called after its pool. */
class SomeAgents extends PoolAgents {
  readonly asked: string[] = [];
  readonly off = new Set<string>();
  /** Hosts that may have done what they were asked for. */
  readonly ending = new Set<string>();
  readonly forgotten: string[] = [];
  /** Slots that are gone, and whose lock a host still has. */
  readonly locks: Record<string, string> = {};
  /** Whether an answer is lost, of what was made all the same. */
  losesAnswers = false;

  constructor(readonly hosts: Record<string, Record<string, number>>) {
    super();
  }

  override async ask(host: string, action: ActionName, request: object): Promise<never> {
    if (this.ending.has(host)) throw new ProblemError('SERVICE_UNAVAILABLE', `${host} has ended.`);
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
      if (pool === 'unreadable') throw new ProblemError('REPOSITORY_UNAVAILABLE', 'It can not be read.');
      pools[String(pool)] = 1;
      if (this.losesAnswers) throw new ProblemError('SERVICE_UNAVAILABLE', 'It has ended.');
    } else if (slotId !== undefined && !(slotId in pools || (action === 'forceUnlock' && this.locks[slotId] === host))) {
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

  override tellForgotten(host: string): void {
    this.forgotten.push(host);
  }
}

const clock = { now: () => 1_000 };
const origin = ownOrigin(serviceActor('gateway'));

async function doorOf(hosts: Record<string, Record<string, number>>, before: readonly PoolHostReport[] = [], off: string[] = []) {
  const agents = new SomeAgents(hosts);
  for (const host of off) agents.off.add(host);
  return replicaOf(agents, new PoolPlacesInMemory(), before);
}

async function replicaOf(agents: SomeAgents, places: PoolPlacesInMemory, before: readonly PoolHostReport[] = []) {
  const known = new KnownHostsInMemory();
  const fleet = new FleetOfPools(known, agents, clock, createLogger('test', 'silent'));
  for (const report of before) fleet.hear(report);
  await fleet.callRoll();
  const door = new PoolDoor(fleet, agents, places);
  const forget = new ForgetPoolHost(fleet, agents, places);
  return {
    ...{ agents, known, fleet },
    ask: <Action extends ActionName>(action: Action, data: ActionInput<Action>) => door.ask(action, data, origin),
    forget: (host: string, dry_run = false) => forget.execute({ host, dry_run }, origin),
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
  agents.off.add('a');
  await expect(ask('listPools', {})).rejects.toMatchObject({ code: 'POOL_HOST_AWAY' });
});

test('that surely nothing was done is said only where every host says so', async () => {
  const { agents, ask } = await doorOf({ a: {}, b: {} });
  agents.off.add('a');
  agents.ending.add('b');
  await expect(ask('autoRecover', {})).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
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
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(agents.hosts).toEqual({ a: { app: 5, new: 1 }, b: {} });
});

test('no two hosts get a pool of one name, also when two replicas are asked at once', async () => {
  const [agents, places] = [new SomeAgents({ a: {}, b: {} }), new PoolPlacesInMemory()];
  const [one, other] = [await replicaOf(agents, places), await replicaOf(agents, places)];
  const both = await Promise.allSettled([
    one.ask('createPool', { name: 'app', repository_url, host: 'a' }),
    other.ask('createPool', { name: 'app', repository_url, host: 'b' }),
  ]);
  expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'POOL_EXISTS' } }]);
  // Nor a little later, by a replica that has not heard of it yet.
  await expect(other.ask('createPool', { name: 'app', repository_url, host: 'b' })).rejects.toMatchObject({
    code: 'POOL_EXISTS',
  });
  expect(agents.hosts).toEqual({ a: { app: 1 }, b: {} });
});

test('a pool that could not be made may be made elsewhere, and one whose answer was lost is asked for where it may be', async () => {
  const { agents, ask } = await doorOf({ a: {}, b: {} });
  const unreadable = { name: 'unreadable', repository_url };
  await expect(ask('createPool', { ...unreadable, host: 'a' })).rejects.toMatchObject({ code: 'REPOSITORY_UNAVAILABLE' });
  await expect(ask('createPool', { ...unreadable, host: 'b' })).rejects.toMatchObject({ code: 'REPOSITORY_UNAVAILABLE' });
  agents.losesAnswers = true;
  await expect(ask('createPool', { name: 'app', repository_url, host: 'b' })).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
  });
  agents.losesAnswers = false;
  delete agents.hosts['b']?.['app'];
  // Its agent has not begun yet.
  expect(await ask('createPool', { name: 'app', repository_url })).toMatchObject({ host: 'b' });
});

test('where two hosts have brought a pool of one name, whoever asks says which', async () => {
  const { ask } = await doorOf({ a: { app: 1 }, b: { app: 1 } });
  await expect(ask('allocate', wish('app'))).rejects.toMatchObject({ code: 'POOL_AMBIGUOUS', status: 409 });
  expect(await ask('allocate', { ...wish('app'), host: 'b' })).toMatchObject({ host: 'b' });
});

test('a pool whose host has got another name is asked for where it answers, and never deleted by a guess', async () => {
  const { ask } = await doorOf({ old: {}, new: { app: 1 } }, [{ host: 'old', pools: ['app'] }], ['old']);
  expect(await ask('getPool', { name: 'app' })).toMatchObject({ host: 'new' });
  await expect(ask('createPool', { name: 'app', repository_url })).rejects.toMatchObject({ message: 'It is there.' });
  await expect(ask('deletePool', { name: 'app' })).rejects.toMatchObject({ code: 'POOL_AMBIGUOUS' });
  expect(await ask('deletePool', { name: 'app', host: 'new' })).toMatchObject({ host: 'new' });
});

test('a slot whose host is away is looked for at all others', async () => {
  const { agents, ask } = await doorOf({ old: { app: 1 }, other: {} });
  await ask('allocate', wish('app'));
  agents.off.add('old');
  await expect(ask('heartbeatSlot', { slot_id: 'app', token: 1 })).rejects.toMatchObject({ code: 'POOL_HOST_AWAY' });
  Object.assign(agents.hosts, { old: {}, other: { app: 1 } });
  expect(await ask('heartbeatSlot', { slot_id: 'app', token: 1 })).toMatchObject({ host: 'other' });
  expect(await ask('release', { slot_id: 'app', token: 1 })).toMatchObject({ host: 'other' });
  expect(agents.asked.at(-1)).toBe('release at other');
});

test('a slot that its host has no more is looked for at all others', async () => {
  const { agents, ask } = await doorOf({ first: { app: 1 }, other: {} });
  await ask('allocate', wish('app'));
  // Their folders, and so their slots, were exchanged.
  Object.assign(agents.hosts, { first: {}, other: { app: 1 } });
  expect(await ask('heartbeatSlot', { slot_id: 'app', token: 1 })).toMatchObject({ host: 'other' });
  expect(agents.asked.at(-1)).toBe('heartbeatSlot at other');
  agents.hosts['other'] = {};
  await expect(ask('release', { slot_id: 'app', token: 1 })).rejects.toMatchObject({ code: 'SLOT_NOT_FOUND' });
});

test('a lock that is left of a slot that is gone is removed at the host that has it', async () => {
  const { agents, ask } = await doorOf({ a: {}, b: {}, c: {} });
  agents.locks['gone'] = 'b';
  expect(await ask('forceUnlock', { slot_id: 'gone' })).toMatchObject({ host: 'b' });
  await expect(ask('forceUnlock', { slot_id: 'none' })).rejects.toMatchObject({ code: 'SLOT_NOT_FOUND' });
  agents.off.add('a');
  expect(await ask('forceUnlock', { slot_id: 'gone' })).toMatchObject({ host: 'b' });
  await expect(ask('forceUnlock', { slot_id: 'none' })).rejects.toMatchObject({ code: 'POOL_HOST_AWAY' });
});

test('a host that is gone for good is forgotten, with the names of its pools, and one that answers is not', async () => {
  const { agents, ask, forget, known } = await doorOf({ a: { app: 1 }, b: { site: 1 } });
  await expect(forget('a')).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  await expect(forget('none')).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  agents.off.add('b');
  await expect(ask('createPool', { name: 'site', repository_url, host: 'a' })).rejects.toMatchObject({ code: 'POOL_EXISTS' });
  expect(await forget('b', true)).toEqual({ host: 'b', pools: ['site'], dry_run: true });
  expect(await ask('listPools', {})).toMatchObject({ hosts_away: [{ host: 'b' }] });
  expect(await forget('b')).toEqual({ host: 'b', pools: ['site'], dry_run: false });
  expect(await ask('listPools', {})).not.toHaveProperty('hosts_away');
  expect([(await known.all()).map(({ host }) => host), agents.forgotten]).toEqual([['a'], ['b']]);
  expect(await ask('createPool', { name: 'site', repository_url })).toMatchObject({ host: 'a' });
});

test('what never comes to an agent is told apart, so that it is audited', async () => {
  const { agents, ask } = await doorOf({ a: { app: 1 }, b: { app: 1, site: 1 } });
  const doors = [
    ask('createPool', { name: 'site', repository_url, host: 'a' }),
    ask('deletePool', { name: 'app' }),
    ask('addSlot', { pool: 'app', host: 'c' }),
  ];
  for (const refused of doors) await expect(refused).rejects.toBeInstanceOf(RefusedAtDoor);
  await expect(ask('removeSlot', { slot_id: 'none' })).rejects.not.toBeInstanceOf(RefusedAtDoor);
  agents.off.add('b');
  await expect(ask('removeSlot', { slot_id: 'none' })).rejects.toBeInstanceOf(RefusedAtDoor);
});

test('without any host it is said how to get one', async () => {
  const { ask } = await doorOf({});
  await expect(ask('listPools', {})).rejects.toMatchObject({
    code: 'POOL_HOST_AWAY',
    message: expect.stringContaining('POOL_ALLOWED_URLS'),
  });
});
