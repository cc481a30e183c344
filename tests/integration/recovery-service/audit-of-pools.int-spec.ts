// What somebody has changed of a pool stands in the audit, which recovery-service keeps for pool-agent, or is not changed.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { serviceActor } from '@kintsugi/contracts';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import { createTemporaryFolder, eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import type { AuditNote } from '@kintsugi/persistence/audit';
import { poolAgent } from '../../../apps/pool-agent/src/pool-agent.js';
import { AuditElsewhere } from '../../../libs/shared/hosting/src/audit/audit-elsewhere.js';
import { startService, type ServiceUnderTest } from '../service-under-test.js';
import { startRecoveryService, type RecoveryServiceUnderTest } from './recovery-service-under-test.js';

const folder = createTemporaryFolder('pools');
const ada = { ...serviceActor('gateway'), key: 'ada', name: 'ada', door: 'http' as const, address: '10.0.0.7' };
const origin = { origin: { actor: ada, requestId: 'asked' } };

let servers: TestServers;
let recovery: RecoveryServiceUnderTest | undefined;
let agent: ServiceUnderTest<never> | undefined;
let bus: Bus;

beforeAll(async () => {
  servers = await startTestServers();
  bus = await Bus.connect({ servers: servers.natsUrl, name: 'test' });
  agent = (await startService(poolAgent, servers, { POOL_FOLDER: folder.path })) as ServiceUnderTest<never>;
});

afterAll(async () => {
  await agent?.service.close();
  await recovery?.stop();
  await bus?.close();
  await servers?.stop();
  await folder.remove();
});

it('a change is refused while nobody keeps the audit, and is in it, with who asked and how it ended, once somebody does', async () => {
  await expect(callAction(bus, 'deletePool', { name: 'none' }, origin)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  // Told apart from a pool-agent that ended under what it did.
  const asked = new AuditElsewhere(bus, 'pool-agent', 'under-test').append(autoRecover('app-0'));
  await expect(asked).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  recovery = await startRecoveryService(servers);
  const deleted = callAction(bus, 'deletePool', { name: 'none', force: true }, origin);
  await expect(deleted).rejects.toMatchObject({ code: 'POOL_NOT_FOUND' });
  const dry = callAction(bus, 'deletePool', { name: 'none', dry_run: true }, origin);
  await expect(dry).rejects.toMatchObject({ code: 'POOL_NOT_FOUND' });
  const { items } = await eventually(async () => {
    const page = await callAction(bus, 'listRecoveryAudit', {}, origin);
    expect(page.items).toHaveLength(1);
    return page;
  });
  expect(items).toMatchObject([
    {
      ...{ service: 'recovery', phase: 'refused', action: 'deletePool', problem: 'POOL_NOT_FOUND', given: { force: true } },
      by: [{ actor: { name: 'ada', address: '10.0.0.7' }, request_id: 'asked', subjects: ['none'] }],
    },
  ]);
});

const autoRecover = (slot: string): AuditNote => ({
  ...{ phase: 'asked', call: null, action: 'autoRecover', given: null, before: null, after: null, problem: null },
  by: [{ actor: ada, tenant: null, request_id: 'asked', subjects: [slot] }],
});

it('one that was under way while recovery-service began anew has the end that it had, and that alone', async () => {
  const elsewhere = new AuditElsewhere(bus, 'pool-agent', 'under-test');
  const { seq: call } = await elsewhere.append(autoRecover('app-1'));
  // Of recovery-service itself, by its name: once this has its end, all that were cut off have.
  const own = { note: { ...autoRecover('app-2'), instance: 'under-test' } };
  await callAction(bus, 'keepAudit', own, { origin: ownOrigin(serviceActor('recovery-service')) });
  await recovery?.stop();
  recovery = await startRecoveryService(servers);
  await eventually(async () => {
    const { items } = await callAction(bus, 'listRecoveryAudit', { subject: 'app-2' }, origin);
    expect(items.map(({ phase }) => phase)).toEqual(['unknown']);
  });
  await elsewhere.appendSurely({ ...autoRecover('app-1'), phase: 'done', call });
  const { items } = await callAction(bus, 'listRecoveryAudit', { subject: 'app-1' }, origin);
  expect(items).toMatchObject([{ phase: 'done', call, instance: 'pool-agent/under-test' }]);
});

it('one that was taken for cut off is told as done all the same, once, however often that is sent', async () => {
  const keep = (note: AuditNote) => callAction(bus, 'keepAudit', { note, again: note.phase !== 'asked' }, origin);
  const { seq: call } = await keep(autoRecover('app-3'));
  await keep({ ...autoRecover('app-3'), phase: 'unknown', call });
  const done: AuditNote = { ...autoRecover('app-3'), phase: 'done', call };
  expect((await keep(done)).seq).toEqual(expect.any(Number));
  expect(await keep(done)).toEqual({ seq: null });
});
