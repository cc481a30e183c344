// Pools on several hosts: each has an agent, requests go to the one that has what they are about, and one that is away is missed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { subjects, workerActor, type ActionInput, type ActionName, type ActionResponse } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import { createTemporaryFolder, eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { askPoolsBy } from '../../../apps/worker/src/cli/ask-pools.js';
import { startRecoveryService, type RecoveryServiceUnderTest } from '../recovery-service/recovery-service-under-test.js';
import { makeRepository } from './repository.js';

const folder = createTemporaryFolder('hosts');
const agents = new Map<string, ChildProcess>();

let servers: TestServers;
let recovery: RecoveryServiceUnderTest | undefined;
let bus: Bus;
let url: string;

beforeAll(async () => {
  servers = await startTestServers();
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  url = makeRepository(join(folder.path, 'repository'));
  recovery = await startRecoveryService(servers);
  await Promise.all(['east', 'west'].map(start));
});

afterAll(async () => {
  for (const agent of agents.values()) agent.kill('SIGKILL');
  await recovery?.stop();
  await bus?.close();
  await servers?.stop();
  await folder.remove();
});

function agentOf(host: string | null, place: string): ChildProcess {
  return spawn(process.execPath, ['apps/pool-agent/dist/main.js'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...{ PATH: process.env['PATH'], NATS_URL: servers.natsUrl, OPS_PORT: '0', INSTANCE_ID: place },
      ...(host === null ? {} : { POOL_HOST: host }),
      ...{ POOL_FOLDER: join(folder.path, place), POOL_ALLOWED_URLS: 'file:///*', POOL_RECOVERY_CRON: 'off' },
    },
  });
}

/** Resolves once the agent has started its work. */
function ready(agent: ChildProcess): Promise<void> {
  return new Promise((resolve) => agent.stdout?.on('data', (chunk: Buffer) => chunk.includes('"Ready"') && resolve()));
}

/** Resolves once the agent answers, which it says in its log. */
async function start(host: string): Promise<void> {
  await startAs(host, host);
}

async function startAs(host: string | null, place: string): Promise<ChildProcess> {
  const agent = agentOf(host, place);
  agents.set(place, agent);
  agent.stderr?.resume();
  await new Promise<void>((resolve, reject) => {
    agent.once('exit', (code) => reject(new Error(`The agent of ${place} ended with ${code}.`)));
    agent.stdout?.on('data', (chunk: Buffer) => chunk.includes('"Ready"') && resolve());
  });
  return agent;
}

async function kill(host: string): Promise<void> {
  const agent = agents.get(host) as ChildProcess;
  const gone = once(agent, 'exit');
  agent.kill('SIGKILL');
  await gone;
}

const ask = <Action extends ActionName>(action: Action, data: ActionInput<Action>): Promise<ActionResponse<Action>> =>
  callAction(bus, action, data, { onlyWhilePresent: true });
const names = async () => (await ask('listPools', {})).items.map(({ name, host }) => `${name} on ${host}`);

it('each host has its pools, and one that is killed is missed while the other goes on', async () => {
  await ask('createPool', { name: 'app', repository_url: url, host: 'west' });
  // East has none, and so the fewest slots.
  const { host, slots } = await ask('createPool', { name: 'site', repository_url: url });
  expect([host, slots[0]?.host]).toEqual(['east', 'east']);
  expect(await names()).toEqual(['app on west', 'site on east']);
  const [ours, theirs] = [
    await ask('allocate', { pool: 'site', owner: 'me' }),
    await ask('allocate', { pool: 'app', owner: 'me' }),
  ];
  expect([ours.path, theirs.path].map((path) => path.split('/').includes('east'))).toEqual([true, false]);

  await kill('west');
  const list = await ask('listPools', {});
  expect(list.items.map(({ name }) => name)).toEqual(['site']);
  expect(list.hosts_away).toEqual([{ host: 'west', reason: expect.stringContaining('forget-host west') }]);
  const away = { code: 'POOL_HOST_AWAY', status: 503 };
  await expect(ask('getPool', { name: 'app' })).rejects.toMatchObject(away);
  await expect(ask('release', { slot_id: theirs.slot_id, token: theirs.token })).rejects.toMatchObject(away);
  await expect(ask('deletePool', { name: 'app', force: true })).rejects.toMatchObject(away);
  await eventually(async () =>
    expect((await ask('listRecoveryAudit', { action: 'deletePool' })).items).toMatchObject([
      { phase: 'refused', problem: 'POOL_HOST_AWAY', given: { force: true }, by: [{ subjects: ['app'] }] },
    ]),
  );
  expect((await ask('detectAnomalies', { depth: 'quick' })).hosts_away).toMatchObject([{ host: 'west' }]);
  expect((await ask('autoRecover', { depth: 'quick' })).errors).toEqual([expect.stringMatching(/^host west: /)]);
  expect(await ask('release', { slot_id: ours.slot_id, token: ours.token })).toMatchObject({ state: 'AVAILABLE' });

  // While recovery-service is away, workers get slots, and beat for them, at the host itself.
  const origin = ownOrigin(workerActor('w'));
  const askPools = askPoolsBy((action, data, at) => callAction(bus, action, data, { ...at, origin }));
  const borrow = async () => {
    const { slot_id, token, host } = await askPools('allocate', { pool: 'site', owner: 'task' });
    return { host, proof: { slot_id, token } };
  };
  const loan = await borrow();
  await recovery?.stop();
  await askPools('heartbeatSlot', loan.proof, loan.host);
  await askPools('release', loan.proof, loan.host);
  const next = await borrow();
  expect(await askPools('release', next.proof, next.host)).toMatchObject({ state: 'AVAILABLE', host: 'east' });

  // It is missed, too, by a recovery-service that has never heard of it.
  recovery = await startRecoveryService(servers);
  expect((await ask('listPools', {})).hosts_away).toMatchObject([{ host: 'west' }]);
  await expect(ask('allocate', { pool: 'app', owner: 'me' })).rejects.toMatchObject(away);

  await start('west');
  expect(await names()).toEqual(['app on west', 'site on east']);
  // Slots that this recovery-service has not led anybody to are found.
  expect(await ask('release', { slot_id: theirs.slot_id, token: theirs.token })).toMatchObject({ state: 'AVAILABLE' });
});

it('a second agent of a host ends with what to do, and the first goes on', async () => {
  const second = agentOf('east', 'elsewhere');
  let said = '';
  second.stderr?.on('data', (chunk: Buffer) => (said += String(chunk)));
  agents.set('second', second);
  expect(await Promise.race([once(second, 'exit').then(([code]) => code as number), ready(second)])).toBe(78);
  expect(said).toContain(
    'Another agent of pools, east, is the host east of this platform. End it, or give this one another name with POOL_HOST.',
  );
  // It may be that of the first, which would end where it is taken.
  expect(existsSync(join(folder.path, 'elsewhere'))).toBe(false);
  expect(await names()).toEqual(['app on west', 'site on east']);
});

it('of two agents of one name that start at once, one gets it', async () => {
  const both = ['one', 'other'].map((place) => agentOf('north', place));
  for (const [index, agent] of both.entries()) agents.set(`north ${index}`, agent);
  const ended = await Promise.race([
    ...both.map((agent) => once(agent, 'exit').then(([code]) => ({ agent, code: code as number | null }))),
    Promise.all(both.map(ready)).then(() => ({ agent: null, code: null })),
  ]);
  expect(ended.code).toBe(78);
  const stays = both.find((agent) => agent !== ended.agent) as ChildProcess;
  await eventually(async () => expect(await ask('listPools', { host: 'north' })).toEqual({ items: [] }));
  expect(stays.exitCode).toBeNull();
});

it('an agent whose name another one has taken while it was not heard says so and ends', async () => {
  const first = await startAs('south', 'south');
  let said = '';
  first.stdout?.on('data', (chunk: Buffer) => (said += String(chunk)));
  const gone = once(first, 'exit');
  first.kill('SIGSTOP');
  const second = await startAs('south', 'next');
  first.kill('SIGCONT');
  expect((await gone)[0]).toBe(1);
  expect(said).toMatch(/"host":"south","by":"next".*Another agent has taken the name of this host/);
  expect(await ask('listPools', { host: 'south' })).toEqual({ items: [] });
  expect(second.exitCode).toBeNull();
});

it('the name of the first start is kept, and a host that is gone for good is forgotten', async () => {
  const named = hostname()
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, 63);
  const kept = () => JSON.parse(readFileSync(join(folder.path, 'unnamed', 'host.json'), 'utf8')) as unknown;
  await startAs(null, 'unnamed');
  expect(kept()).toEqual({ host: named });
  const pool = { name: 'kept', repository_url: url };
  await ask('createPool', { ...pool, host: named });
  await expect(ask('forgetPoolHost', { host: named })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  await kill('unnamed');
  const other = agentOf('other', 'unnamed');
  other.stderr?.resume();
  expect((await once(other, 'exit'))[0]).toBe(78);
  // As a person does who wants another name.
  rmSync(join(folder.path, 'unnamed', 'host.json'));
  await startAs('other', 'unnamed');
  expect(await ask('getPool', { name: 'kept' })).toMatchObject({ host: 'other' });
  expect((await ask('listPools', {})).hosts_away).toMatchObject([{ host: named }]);
  expect(await ask('forgetPoolHost', { host: named })).toEqual({ host: named, pools: ['kept'], dry_run: false });
  expect(await ask('listPools', {})).not.toHaveProperty('hosts_away');
  expect((await ask('listRecoveryAudit', { action: 'forgetPoolHost' })).items[0]).toMatchObject({
    phase: 'done',
    by: [{ subjects: [named] }],
  });
  expect(kept()).toEqual({ host: 'other' });
});

it('whoever waits while recovery-service stops has the answer of the host, or is told', async () => {
  const pools = ['quick', 'never'];
  bus.publish(subjects.poolHosts, JSON.stringify({ host: 'slow', pools }));
  const asked: string[] = [];
  const subject = subjects.atHost(subjects.request('pool', 'allocate'), 'slow');
  bus.subscribe(subjects.presence(subject), (message) => message.respond('slow'));
  bus.subscribe(subject, async (message) => {
    const { pool } = message.json<{ pool: string }>();
    asked.push(pool);
    await eventually(() => expect(isStopping).toBe(true));
    if (pool === 'quick') message.respond(JSON.stringify({ slot_id: 'slot_1' }));
  });
  let isStopping = false;
  const waiting = pools.map((pool) => callAction(bus, 'allocate', { pool, owner: 'me' }));
  await eventually(async () => expect(asked.sort()).toEqual(['never', 'quick']));
  const stopped = recovery?.stop();
  isStopping = true;
  expect(await Promise.allSettled(waiting)).toMatchObject([
    { status: 'fulfilled', value: { slot_id: 'slot_1' } },
    { status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE', message: expect.stringContaining('recovery-service stops') } },
  ]);
  await stopped;
  recovery = undefined;
});
