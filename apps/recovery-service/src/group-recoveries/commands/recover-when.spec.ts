import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  DEFAULT_TENANT,
  operations,
  type ActionInput,
  type Actor,
  type GroupRecovery,
  type JobStatus,
} from '@kintsugi/contracts';
import { recordSample } from '../../records/domain/error-record-sample.js';
import { recoveryInMemory, recoveryStores, type RecoveryInMemory } from '../../resends/simulation/recovery-in-memory.js';
import type { AwaitedJob, AwaitedJobs } from '../awaited-jobs.js';
import { activeRecoveriesOfTenantMax } from '../group-recovery-clock.js';

const ada: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };
const bob: Actor = { ...ada, key: 'bob', name: 'bob', role: 'admin' };
const { group_id, _id: recordId } = recordSample(0);
const awaited = 'job_01890a5d-ac96-774b-bcce-b302099a8058';
const live = new AbortController().signal;

let stores: ReturnType<typeof recoveryStores>;
let clock: { at: number; now: () => number };
let jobs: Map<string, JobStatus>;
let asked: string[][];
let isAway: boolean;
let answered: Promise<void>;
let service: RecoveryInMemory;

/** A replica that knows nothing but what is on disk. */
function begun(): RecoveryInMemory {
  const of: AwaitedJobs['of'] = async (ids) => {
    asked.push([...ids]);
    await answered;
    if (isAway) throw new Error('nobody answers');
    const found = ids.flatMap((id): AwaitedJob[] =>
      jobs.has(id) ? [{ id, status: jobs.get(id) as JobStatus, tenant: DEFAULT_TENANT }] : [],
    );
    return new Map(found.map((job) => [job.id, job]));
  };
  return recoveryInMemory({
    stores,
    queue: { publish: async () => undefined },
    statuses: { of: async () => null },
    clock,
    jobs: { of },
  });
}

beforeEach(() => {
  stores = recoveryStores();
  clock = { at: Date.parse('2026-11-23T12:00:00.000Z'), now: () => clock.at };
  jobs = new Map([[awaited, 'running']]);
  asked = [];
  isAway = false;
  answered = Promise.resolve();
  service = begun();
  const timestamp = new Date(clock.at).toISOString();
  for (let index = 0; index < 3; index += 1) {
    const record = recordSample(index, { phase: 'discarded', resend_at: null, timestamp });
    stores.stored.set(record._id, record);
  }
});

type Request = ActionInput<'recoverGroup'>;

async function recover(request: Request, actor = ada): Promise<GroupRecovery> {
  const asked = operations.recoverGroup.request.parse({ canary: { size: 0 }, ...request });
  return (await service.groupRecoveries.recover.execute(asked, { actor })).recovery as GroupRecovery;
}

async function later(seconds: number): Promise<void> {
  clock.at += seconds * 1_000;
  await service.groupRecoveries.steps.look(live);
  await service.groupRecoveries.steps.step(live);
}

const view = (recovery_id: string): Promise<GroupRecovery> =>
  service.groupRecoveries.get.execute({ recovery_id }, { actor: ada });
const approve = (recovery_id: string, actor: Actor): Promise<GroupRecovery> =>
  service.groupRecoveries.approve.execute({ recovery_id }, { actor });
const results = (): string[] => stores.stored.get(recordId)?.recovery_attempts.map(({ result }) => result) ?? [];
const phases = (): string[] => [...stores.stored.values()].map(({ phase }) => phase);

describe('a recovery that waits', () => {
  test('runs nothing until all that it waits for holds at once, and says how each of it stands', async () => {
    const when: Request['when'] = [
      { kind: 'job', job_id: awaited },
      { kind: 'dependency', error_type: 'smtp.*', quiet_seconds: 600 },
      { kind: 'window', from: '12:30', to: '13:00' },
    ];
    const { id, state } = await recover({ group_id, when });
    expect(state).toBe('waiting');
    await later(60);
    expect((await view(id)).waits_for).toMatchObject([
      { holds: false, about: `${awaited} is running` },
      { holds: false, about: expect.stringContaining('a task has failed by smtp.*') },
      { holds: false, about: expect.stringContaining('it is not between 12:30 and 13:00') },
    ]);
    await later(60 * 60);
    jobs.set(awaited, 'completed');
    await later(60);
    // Too late for the window of this day.
    expect(await view(id)).toMatchObject({ state: 'waiting', waits_for: [{ holds: true }, { holds: true }, { holds: false }] });
    expect(phases()).toEqual(['discarded', 'discarded', 'discarded']);
    await later(23.5 * 60 * 60);
    expect(await view(id)).toMatchObject({ state: 'ramping', waits_until: null });
    expect(phases()).toContain('requeued');
  });

  test('is known to a replica that starts anew, with its approvals', async () => {
    const when: Request['when'] = [{ kind: 'approval' }, { kind: 'job', job_id: awaited }];
    const { id } = await recover({ group_id, when });
    await approve(id, bob);
    service = begun();
    jobs.set(awaited, 'completed');
    await later(5);
    expect(await view(id)).toMatchObject({
      state: 'ramping',
      waits_for: [{ holds: true, about: expect.stringContaining('approved by bob') }, { holds: true }],
    });
  });

  test('is approved by somebody else, who has the role', async () => {
    const { id } = await recover({ group_id, when: [{ kind: 'approval', role: 'admin' }] }, { ...bob, key: 'eve', name: 'eve' });
    await expect(approve(id, ada)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(approve(id, { ...bob, key: 'eve' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(approve(id, { ...bob, tenant: 'acme' })).rejects.toMatchObject({ code: 'GROUP_RECOVERY_NOT_FOUND' });
    await later(5);
    expect(phases()).not.toContain('requeued');
    await approve(id, bob);
    await approve(id, bob);
    await later(5);
    expect(phases()).toContain('requeued');
    await expect(approve(id, bob)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  test('is cancelled while it waits, and ends by itself where it waits in vain or too long', async () => {
    const one = await recover({ group_id, when: [{ kind: 'approval' }] });
    await service.groupRecoveries.cancel.execute({ recovery_id: one.id }, { actor: ada });
    const other = await recover({ group_id, when: [{ kind: 'job', job_id: awaited }] });
    jobs.set(awaited, 'failed');
    await later(5);
    expect(await view(other.id)).toMatchObject({ state: 'stopped', reason: expect.stringContaining(`${awaited} is failed`) });
    const last = await recover({ group_id, when: [{ kind: 'approval' }], give_up_after_seconds: 60 });
    await later(59);
    expect(await view(last.id)).toMatchObject({ state: 'waiting' });
    await later(5);
    expect(await view(last.id)).toMatchObject({ state: 'stopped', reason: expect.stringContaining('has not held at once') });
    expect(phases()).toEqual(['discarded', 'discarded', 'discarded']);
  });

  test('ends when its time is over although nobody can tell what holds', async () => {
    const job: Request['when'] = [{ kind: 'job', job_id: awaited }];
    const quiet: Request['when'] = [{ kind: 'dependency', error_type: 'smtp.*' }];
    const one = await recover({ filter: { label: 'a=1' }, when: job, give_up_after_seconds: 60 });
    const other = await recover({ filter: { label: 'a=2' }, when: quiet, give_up_after_seconds: 60 });
    isAway = true;
    stores.recoverable.exist = () => Promise.reject(new Error('it takes too long'));
    await later(59);
    expect([(await view(one.id)).state, (await view(other.id)).state]).toEqual(['waiting', 'waiting']);
    await later(5);
    for (const { id } of [one, other]) {
      expect(await view(id)).toMatchObject({ state: 'stopped', reason: expect.stringContaining('it is not known') });
    }
  });

  test('does not wait in vain for a job that was done and is removed before the others hold', async () => {
    const { id } = await recover({ group_id, when: [{ kind: 'job', job_id: awaited }, { kind: 'approval' }] });
    jobs.set(awaited, 'completed');
    await later(5);
    jobs.delete(awaited);
    await later(5);
    expect(await view(id)).toMatchObject({ state: 'waiting', waits_for: [{ holds: true }, { holds: false }] });
    await approve(id, bob);
    await later(5);
    expect(await view(id)).toMatchObject({ state: 'ramping' });
  });

  test('is of one record too, which says so', async () => {
    const { id } = await recover({ filter: { error_record_id: recordId }, when: [{ kind: 'approval' }] });
    expect(stores.stored.get(recordId)?.recovery_attempts.at(-1)).toMatchObject({
      method: 'manual_recover',
      result: `waiting: ${id} waits for an approval by the role admin`,
    });
    await approve(id, bob);
    await later(5);
    expect(phases().filter((phase) => phase === 'requeued')).toHaveLength(1);
    expect(stores.stored.get(recordId)?.phase).toBe('requeued');
    expect(results()).toContain(`waited: ${id} has begun: all that it waited for holds`);
  });

  test('says in its record that it waits no more once it is cancelled', async () => {
    const { id } = await recover({ filter: { error_record_id: recordId }, when: [{ kind: 'approval' }] });
    await service.groupRecoveries.cancel.execute({ recovery_id: id }, { actor: ada });
    expect(results().filter((result) => result.includes(id))).toEqual([`waited: ${id} was cancelled: by ada`]);
  });

  test('begins, and is answered, although nothing can be noted in its record', async () => {
    stores.recoverable.noteAttempt = () => Promise.reject(new Error('the store is away'));
    const request: Request = { filter: { error_record_id: recordId }, when: [{ kind: 'approval' }], idempotency_key: 'k' };
    const { id, state } = await recover(request);
    expect(state).toBe('waiting');
    expect((await recover(request)).id).toBe(id);
  });

  test('of a key is answered once more when the job that it waits for is gone', async () => {
    const request: Request = { group_id, when: [{ kind: 'job', job_id: awaited }], idempotency_key: 'k' };
    const { id } = await recover(request);
    jobs.delete(awaited);
    asked = [];
    expect((await recover(request)).id).toBe(id);
    expect(asked).toEqual([]);
    await expect(recover({ ...request, idempotency_key: 'other' })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  test('asks once whether all the jobs are there that it is to wait for', async () => {
    const other = awaited.replace(/8$/, '9');
    jobs.set(other, 'running');
    await recover({ group_id, when: [awaited, other].map((job_id) => ({ kind: 'job', job_id })) });
    expect(asked).toEqual([[awaited, other]]);
  });

  test('has what was asked for kept until its waiting ends', async () => {
    const kept: (number | undefined)[] = [];
    const add = stores.recoveries.add.bind(stores.recoveries);
    stores.recoveries.add = (request) => add(request).finally(() => kept.push(request.waits_until));
    await recover({ group_id, when: [{ kind: 'approval' }], give_up_after_seconds: 2_592_000 });
    await recover({ filter: { label: 'a=b' } });
    expect(kept).toEqual([clock.at + 2_592_000_000, undefined]);
  });

  test('stops, and takes no record over, where what was asked for is no longer kept', async () => {
    const { id } = await recover({ group_id, when: [{ kind: 'approval' }] });
    await stores.recoveries.remove(id);
    await approve(id, bob);
    await later(5);
    expect(await view(id)).toMatchObject({ state: 'stopped', reason: expect.stringContaining('no longer kept') });
    expect(phases()).toEqual(['discarded', 'discarded', 'discarded']);
  });

  test('asks once for all the jobs that many wait for, and once for a dependency', async () => {
    const other = awaited.replace(/8$/, '9');
    jobs.set(other, 'running');
    let searches = 0;
    const exist = stores.recoverable.exist.bind(stores.recoverable);
    const quiet = { kind: 'dependency', error_type: 'smtp.*', quiet_seconds: 600 } as const;
    for (let at = 0; at < 5; at += 1) {
      const when = [{ kind: 'job' as const, job_id: at % 2 === 0 ? awaited : other }, quiet];
      await recover({ filter: { label: `a=${at}` }, when });
    }
    asked = [];
    stores.recoverable.exist = (part) => exist(part).finally(() => (searches += 1));
    await service.groupRecoveries.steps.look(live);
    expect(asked.map((ids) => new Set(ids))).toEqual([new Set([awaited, other])]);
    expect(searches).toBe(1);
  });

  test('holds up none that runs while job-service gives no answer', async () => {
    await recover({ filter: { error_record_id: recordId }, when: [{ kind: 'job', job_id: awaited }] });
    await recover({ group_id });
    const [answer, taken, stopping] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), new AbortController()];
    answered = answer.promise;
    asked = [];
    const claim = stores.recoverable.claim.bind(stores.recoverable);
    stores.recoverable.claim = (given) => claim(given).finally(taken.resolve);
    const run = service.groupRecoveries.steps.run(stopping.signal);
    await taken.promise;
    stopping.abort();
    answer.resolve();
    await run;
    expect(asked).toEqual([[awaited]]);
    expect(phases()).toContain('requeued');
  });

  test('is refused where there is no such job or record', async () => {
    const nowhere = awaited.replace(/8$/, '9');
    await expect(recover({ group_id, when: [{ kind: 'job', job_id: nowhere }] })).rejects.toMatchObject({
      code: 'JOB_NOT_FOUND',
    });
    const filter = { error_record_id: recordId.replace('.0.0', '.0.77') };
    await expect(recover({ filter, when: [{ kind: 'approval' }] })).rejects.toMatchObject({ code: 'ERROR_RECORD_NOT_FOUND' });
  });
});

test('a tenant with as many recoveries as it may have keeps no other from beginning one', async () => {
  const busy = { ...ada, tenant: 'acme' };
  const [record] = stores.stored.values();
  stores.stored.set('err_of_acme', { ...(record as NonNullable<typeof record>), _id: 'err_of_acme', tenant: 'acme' });
  for (let at = 0; at < activeRecoveriesOfTenantMax; at += 1) await recover({ filter: { label: `a=${at}` } }, busy);
  await expect(recover({ filter: { label: 'a=one more' } }, busy)).rejects.toMatchObject({
    code: 'OVERLOADED',
    message: expect.stringContaining('of this tenant'),
  });
  expect(await recover({ group_id })).toMatchObject({ state: 'ramping' });
});
