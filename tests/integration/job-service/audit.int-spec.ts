// What somebody has changed stands in the audit, or is not changed; what was cut off gets its end; the chain tells of what was tampered with.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  serviceActor,
  type ActionInput,
  type ActionName,
  type ActionResponse,
  type Actor,
  type AuditEntry,
  type AuditExport,
} from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { AuditKey, AuditPublicKey, ChainCheck, type ChainFault } from '@kintsugi/persistence/audit-check';
import { modelsOf } from '@kintsugi/persistence/models';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { MongoNetworkError } from 'mongodb';
import { auditEntryModelSchema } from '../../../libs/shared/persistence/src/audit/audit-entry.schema.js';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

const key = AuditKey.generatePem();
const secret = 'whoever-reads-this-has-read-a-payload';
const ada: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };
const ofTenant = (tenant: string): Actor => ({ ...ada, key: `ann-${tenant}`, name: `ann-${tenant}`, tenant });
const one = {
  ...{ product_id: 'p', sending_group_id: 'g', type: 'nobody.runs.this', labels: { said: secret } },
  tasks: [{ payload: { said: secret } }],
};
const many = { ...one, tasks: [...one.tasks, { payload: 2 }] };

let servers: TestServers;
let service: JobServiceUnderTest;

beforeAll(async () => {
  servers = await startTestServers();
});

beforeEach(async () => {
  service = await startJobService(servers, { AUDIT_SIGNING_KEY: key });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await service?.stop();
});

afterAll(async () => {
  await servers?.stop();
});

function call<Action extends ActionName>(
  action: Action,
  data: ActionInput<Action>,
  actor: Actor = ada,
): Promise<ActionResponse<Action>> {
  return callAction(service.bus, action, data, { origin: { actor, requestId: 'asked-1' } });
}

async function about(subject: string, query: ActionInput<'listJobAudit'> = {}, actor?: Actor): Promise<AuditEntry[]> {
  return (await call('listJobAudit', { subject, ...query }, actor)).items;
}

async function exported(): Promise<AuditExport> {
  const all: AuditEntry[] = [];
  for (;;) {
    const page = await call('exportJobAudit', { after: all.at(-1)?.seq ?? 0 });
    if (page.items.length === 0) return { ...page, items: all };
    all.push(...page.items);
  }
}

async function faultOfChain(): Promise<ChainFault | null> {
  const { items, head } = await exported();
  const check = new ChainCheck('job', { keys: [AuditPublicKey.fromPem(key)] });
  for (const entry of items) {
    const fault = check.take(entry);
    if (fault) return fault;
  }
  return check.finish(head);
}

describe('what somebody has changed', () => {
  it('says who, what, when, from where, before and after, and nothing of a payload', async () => {
    for (const job of [one, many]) {
      const { job_id } = await call('createJob', job);
      await call('pauseJob', { job_id, stop: true });
      await call('setJobPriority', { job_id, priority: 9 });
      await expect(call('retryJob', { job_id })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      await eventually(async () => expect(await about(job_id)).toHaveLength(4));
      const entries = await about(job_id);
      // That it was made is told a moment after it was, and may come behind what followed.
      const [retry, priority, pause] = entries.filter(({ phase }) => phase !== 'created');
      const [created] = entries.filter(({ phase }) => phase === 'created');
      expect(created).toMatchObject({ phase: 'created', action: 'createJob', by: [{ actor: ada, tenant: 'default' }] });
      expect(pause).toMatchObject({
        ...{ phase: 'done', action: 'pauseJob', given: { stop: true }, at: expect.any(String), instance: 'under-test' },
        ...{ before: { status: 'pending', priority: 5 }, after: { status: 'paused', priority: 5 } },
        by: [{ actor: ada, tenant: 'default', request_id: 'asked-1', subjects: [job_id] }],
      });
      expect(priority).toMatchObject({ given: { priority: 9 }, before: { priority: 5 }, after: { priority: 9 } });
      expect(retry).toMatchObject({ phase: 'refused', action: 'retryJob', problem: 'STATE_CONFLICT', after: null });
      await call('deleteJob', { job_id, force: true });
      const [deletion] = await about(job_id);
      expect(deletion).toMatchObject({
        action: 'deleteJob',
        before: { status: 'paused' },
        after: { status: expect.any(String) },
      });
    }
    expect(JSON.stringify((await exported()).items)).not.toContain(secret);
    expect(await faultOfChain()).toBeNull();
  });

  it('of a tenant is shown to who is bound to it, and of jobs of one moment his own', async () => {
    const [red, blue] = [ofTenant('red'), ofTenant('blue')];
    const made = await Promise.all([red, blue, red].map((actor) => call('createJob', one, actor)));
    await call('pauseJob', { job_id: made[0]!.job_id }, red);
    await expect(call('pauseJob', { job_id: made[0]!.job_id }, blue)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await eventually(async () => expect((await call('listJobAudit', {}, blue)).items).toHaveLength(2));
    const { items } = await call('listJobAudit', {}, blue);
    expect(items.flatMap(({ by }) => by.map(({ actor }) => actor.name))).toEqual(['ann-blue', 'ann-blue']);
    expect(await about(made[0]!.job_id, { phase: 'done' }, blue)).toEqual([]);
    expect(await about(made[0]!.job_id, { phase: 'done' }, red)).toMatchObject([{ action: 'pauseJob' }]);
    await expect(call('exportJobAudit', {}, blue)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is listed by pages, and by actor, action and time', async () => {
    const { job_id } = await call('createJob', many);
    const since = new Date().toISOString();
    for (const priority of [1, 2, 3]) await call('setJobPriority', { job_id, priority }, { ...ada, name: 'eve' });
    const filter = { actor: 'eve', action: 'setJobPriority', since };
    const first = await call('listJobAudit', { ...filter, limit: 2 });
    const second = await call('listJobAudit', { ...filter, limit: 2, cursor: first.next_cursor ?? '' });
    expect([...first.items, ...second.items].map(({ given }) => given?.['priority'])).toEqual([3, 2, 1]);
    expect(second.next_cursor).toBeNull();
    expect((await call('listJobAudit', { ...filter, order: 'oldest' })).items.map(({ given }) => given?.['priority'])).toEqual([
      1, 2, 3,
    ]);
    expect((await call('listJobAudit', { ...filter, until: since })).items).toEqual([]);
    await expect(call('listJobAudit', { cursor: 'x' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });
});

describe('a change and its entry', () => {
  it('stand or fall together: what cannot be written down is not done', async () => {
    const { job_id } = await call('createJob', many);
    jest.spyOn(service.parts.audit, 'append').mockRejectedValue(new MongoNetworkError('killed'));
    for (const [action, data] of [
      ['cancelJob', { job_id }],
      ['setJobPriority', { job_id, priority: 1 }],
      ['createSchedule', { name: 'nightly', every_s: 3600, job: one }],
    ] as [ActionName, never][]) {
      await expect(call(action, data)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    }
    jest.restoreAllMocks();
    expect(await call('getJob', { job_id })).toMatchObject({ status: 'pending', priority: 5 });
    await expect(call('getSchedule', { name: 'nightly' })).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
  });

  it('that a kill has cut off gets its end at the next start', async () => {
    const { job_id } = await call('createJob', many);
    // As a process leaves it that was killed once the change was written.
    jest.spyOn(service.parts.audit, 'appendSurely').mockReturnValue(new Promise(() => undefined));
    await expect(callAction(service.bus, 'pauseJob', { job_id }, { timeoutMs: 500 })).rejects.toThrow();
    expect(await about(job_id, { phase: 'asked' })).toMatchObject([{ action: 'pauseJob' }]);
    jest.restoreAllMocks();
    await service.stop();
    service = await startJobService(servers, { AUDIT_SIGNING_KEY: key });
    await eventually(async () =>
      expect(await about(job_id, { phase: 'unknown' })).toMatchObject([
        { action: 'pauseJob', before: { status: 'pending' }, after: { status: 'paused' } },
      ]),
    );
  });

  it('of jobs that came in is read from their records where a kill came before it', async () => {
    jest.spyOn(service.parts.audit, 'appendSurely').mockRejectedValue(new Error('killed'));
    const made = [await call('createJob', one), await call('createJob', many), await call('createJob', one, serviceActor('x'))];
    jest.restoreAllMocks();
    await service.stop();
    service = await startJobService(servers, { AUDIT_SIGNING_KEY: key });
    for (const { job_id } of made) {
      await eventually(async () => expect(await about(job_id)).toMatchObject([{ phase: 'created', action: 'createJob' }]));
    }
    expect((await about(made[2]!.job_id))[0]?.by.map(({ actor }) => actor.name)).toContain('x');
    // Once: another start finds nothing to tell.
    await service.stop();
    service = await startJobService(servers, { AUDIT_SIGNING_KEY: key });
    for (const { job_id } of made) expect(await about(job_id)).toHaveLength(1);
    expect(await faultOfChain()).toBeNull();
  });
});

it('the model of an entry is only ever added to, and the chain tells of what is tampered with elsewise', async () => {
  const { job_id } = await call('createJob', many);
  await call('pauseJob', { job_id });
  await call('resumeJob', { job_id });
  const entries = service.store.collection<{ _id: number }>('audit_entries');
  const [, pause] = await about(job_id, { order: 'oldest' });
  const seq = pause?.seq ?? 0;
  const kept = (await entries.findOne({ _id: seq })) as { _id: number };
  const model = modelsOf(service.store).model('AuditEntry', auditEntryModelSchema);
  await expect(model.updateOne({ _id: seq }, { action: 'x' })).rejects.toThrow('only ever added to');
  await expect(model.deleteMany({})).rejects.toThrow('only ever added to');
  await entries.updateOne({ _id: seq }, { $set: { 'by.0.actor.name': 'somebody-else' } });
  expect(await faultOfChain()).toMatchObject({ kind: 'edited', seq });
  await entries.deleteOne({ _id: seq });
  expect(await faultOfChain()).toMatchObject({ kind: 'missing', seq });
  await entries.insertOne(kept);
  const last = (await exported()).items.at(-1)?.seq ?? 0;
  await eventually(async () => expect((await exported()).head?.seq).toBe(last));
  const cut = (await entries.find({ _id: { $gte: last } }).toArray()) as { _id: number }[];
  await entries.deleteMany({ _id: { $gte: last } });
  expect(await faultOfChain()).toMatchObject({ kind: 'truncated', seq: last });
  await entries.insertMany(cut);
  expect(await faultOfChain()).toBeNull();
});
