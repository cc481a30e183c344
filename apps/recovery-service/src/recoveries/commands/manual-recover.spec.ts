import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { errorRecordIdOf, limits, type Actor, type ManualRecover, type RecoveryReceipt } from '@kintsugi/contracts';
import type { OutgoingCommand } from '@kintsugi/messaging';
import { recordSample, taskSample } from '../../records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { GetError } from '../../records/queries/get-error.js';
import {
  recoveryInMemory,
  recoveryStores,
  type Passage,
  type RecoveryInMemory,
} from '../../resends/simulation/recovery-in-memory.js';

const actor: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };
const { group_id: groupId, job_id: jobId } = recordSample(0);
const otherJob = 'job_01890a5d-ac96-774b-bcce-b302099a8058';
const custom_params = { to: 'ann@example.com' };

let stores: ReturnType<typeof recoveryStores>;
let clock: { at: number; now: () => number };
let sent: OutgoingCommand[];
let service: RecoveryInMemory;
let keptSteps: string[];

/** A process of recovery-service that begins now. */
function begun(pass?: Passage): RecoveryInMemory {
  const queue = { publish: async (command: OutgoingCommand) => void sent.push(structuredClone(command)) };
  return recoveryInMemory({
    stores,
    queue,
    statuses: { of: async () => null },
    steps: { namesOf: async () => keptSteps },
    clock,
    ...(pass ? { pass } : {}),
  });
}

beforeEach(() => {
  stores = recoveryStores();
  clock = { at: Date.parse('2026-11-23T06:00:00.000Z'), now: () => clock.at };
  sent = [];
  keptSteps = [];
  service = begun();
});

function keep(...records: StoredErrorRecord[]): void {
  for (const record of records) stores.stored.set(record._id, structuredClone(record));
}

function recover(request: Partial<ManualRecover>, by = service, who = actor): Promise<RecoveryReceipt> {
  const { recovery_options, ...rest } = request;
  const options = { force: false, ignore_conditions: false, ...recovery_options };
  return by.manualRecover.execute({ ...rest, recovery_options: options }, { actor: who });
}

const discarded = (index: number, given: Partial<StoredErrorRecord> = {}): StoredErrorRecord =>
  recordSample(index, { phase: 'discarded', resend_at: null, ...given });
const idOf = (index: number): string => errorRecordIdOf(taskSample(index));
const recordOf = (index: number): StoredErrorRecord | undefined => stores.stored.get(idOf(index));

/** The orders that went out, by task, each with the params and who asked. */
function orders(): Map<string, unknown[]> {
  const all = sent.flatMap(({ data, actor: by }) => {
    const { tasks, params } = data as { tasks: { task_id: string; attempt: number }[]; params?: unknown };
    return tasks.map(({ task_id, attempt }) => ({ task_id, order: { attempt, params, by: by.name } }));
  });
  return new Map([...Map.groupBy(all, ({ task_id }) => task_id)].map(([task, alike]) => [task, alike.map(({ order }) => order)]));
}

describe('manualRecover of a record', () => {
  test('takes it over and orders its task with the params, for whom asked', async () => {
    keep(discarded(1, { attempt: 4, failures: 4 }));
    const receipt = await recover({ error_record_id: idOf(1), recovery_options: { custom_params } as never });
    expect(receipt).toEqual({ accepted: 1, refused: [], refused_count: 0 });
    expect(recordOf(1)).toMatchObject({ phase: 'requeued', forgiven_failures: 4, resend_at: '2026-11-23T06:00:30.000Z' });
    expect(orders()).toEqual(new Map([[taskSample(1), [{ attempt: 4, params: custom_params, by: 'ada' }]]]));
  });

  test('that is refused says why and what is allowed, notes it, and orders and keeps nothing', async () => {
    keep(recordSample(1));
    const added = jest.spyOn(stores.recoveries, 'add');
    await expect(recover({ error_record_id: idOf(1) })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('a retry is already scheduled'),
      extras: { current: 'deferred', allowed: ['discarded', 'quarantined'] },
    });
    expect(recordOf(1)).toMatchObject({ phase: 'deferred', version: 2, next_retry_at: recordSample(1).next_retry_at });
    expect(recordOf(1)?.recovery_attempts.at(-1)).toEqual({
      timestamp: '2026-11-23T06:00:00.000Z',
      method: 'manual_recover',
      result: 'refused: a retry is already scheduled; force runs it now',
    });
    expect([added.mock.calls, sent]).toEqual([[], []]);
  });

  test('asks the conditions of its error type again, unless told not to', async () => {
    const condition = { field: 'error_message' as const, operator: 'contains' as const, value: 'busy' };
    const set = { max_attempts: 1, initial_delay: 0, max_delay: 0, backoff_factor: 1, retry_conditions: [condition] };
    await stores.configs.change('smtp.*', { ...set, error_type: 'smtp.*' }, { changed_by: 'ada', changed_at: 'then' });
    keep(discarded(1));
    await expect(recover({ error_record_id: idOf(1) })).rejects.toThrow('ignore_conditions');
    const ignored = { force: false, ignore_conditions: true };
    expect(await recover({ error_record_id: idOf(1), recovery_options: ignored })).toMatchObject({ accepted: 1 });
  });

  test('of a job that was cancelled is refused, by force too', async () => {
    keep(discarded(1));
    await stores.cancelledJobs.add([jobId]);
    const force = { force: true, ignore_conditions: true };
    await expect(recover({ error_record_id: idOf(1), recovery_options: force })).rejects.toThrow('was cancelled');
  });

  test.each([
    ['that does not exist', null],
    ['of another tenant', 'acme'],
  ])('%s is not there', async (_what, tenant) => {
    if (tenant) keep(discarded(1, { tenant }));
    const who = { ...actor, tenant: 'elsewhere' };
    await expect(recover({ error_record_id: idOf(1) }, service, who)).rejects.toMatchObject({ code: 'ERROR_RECORD_NOT_FOUND' });
    expect(recordOf(1)?.version ?? 1).toBe(1);
  });

  test('that somebody takes at this very moment is refused, and the request is forgotten', async () => {
    keep(discarded(1));
    const add = stores.recoveries.add.bind(stores.recoveries);
    const added = jest.spyOn(stores.recoveries, 'add').mockImplementationOnce(async (request) => {
      await add(request);
      keep({ ...discarded(1), phase: 'requeued', manual_recovery_id: 'rcv_other', version: 2 });
    });
    await expect(recover({ error_record_id: idOf(1) })).rejects.toThrow('it changed at this very moment');
    expect(recordOf(1)).toMatchObject({ manual_recovery_id: 'rcv_other', phase: 'requeued' });
    expect(added).toHaveBeenCalledTimes(1);
    const ids = added.mock.calls.map(([request]) => request.id);
    expect((await stores.recoveries.ordersOf(ids)).size).toBe(0);
  });

  test('from a step orders that, where the task has kept it, and else names what it has', async () => {
    keep(discarded(1));
    const from = (from_step: string) => recover({ error_record_id: idOf(1), recovery_options: { from_step } as never });
    await expect(from('charge')).rejects.toThrow('got "charge", allowed: nothing: the task has kept no step');
    keptSteps = ['reserve', 'charge'];
    await expect(from('chrage')).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      extras: { errors: [{ path: 'data.recovery_options.from_step', got: 'chrage', allowed: 'reserve, charge' }] },
    });
    expect(sent).toEqual([]);
    expect(await from('charge')).toMatchObject({ accepted: 1 });
    expect(sent).toMatchObject([{ name: 'requeueTasks', data: { from_step: 'charge' } }]);
  });

  test('holds although the order cannot go out: it goes out later, with its params', async () => {
    keep(discarded(1));
    const breaks = begun(async (step) => {
      if (step === 'before publish') throw new Error('away');
    });
    const request = { error_record_id: idOf(1), recovery_options: { custom_params } as never };
    expect(await recover(request, breaks)).toMatchObject({ accepted: 1 });
    expect([sent, breaks.complaints]).toMatchObject([[], [{ error: { message: 'away' } }]]);
    clock.at += 30_000;
    await service.resendCommands.execute(new AbortController().signal);
    expect(orders()).toEqual(new Map([[taskSample(1), [{ attempt: 1, params: custom_params, by: 'ada' }]]]));
  });
});

describe('manualRecover of a group', () => {
  test('goes through it by pages, and names so many of those that it refuses', async () => {
    const free = Array.from({ length: 1_200 }, (_, index) => discarded(index));
    const held = Array.from({ length: 1_100 }, (_, index) => recordSample(2_000 + index, { phase: 'retrying' }));
    keep(...free, ...held, recordSample(5_000, { phase: 'recovered' }), discarded(5_001, { group_id: 'grp_other' }));
    const receipt = await recover({ group_id: groupId });
    expect(receipt).toMatchObject({ accepted: 1_200, refused_count: 1_100 });
    expect(receipt.refused).toHaveLength(limits.problemErrors);
    expect(new Set(orders().keys())).toEqual(new Set(free.map(({ task_id }) => task_id)));
    expect([...orders().values()].every((made) => made.length === 1)).toBe(true);
    expect(recordOf(2_500)?.recovery_attempts.at(-1)?.result).toContain('a retry is under way');
  });

  test('takes the records of a job, and of the tenant of whom asks, and no others', async () => {
    keep(discarded(1), discarded(2, { job_id: otherJob }), discarded(3, { tenant: 'acme' }));
    const ofDefault = { ...actor, tenant: 'default' };
    expect(await recover({ group_id: groupId, job_id: jobId }, service, ofDefault)).toMatchObject({ accepted: 1 });
    expect(await recover({ group_id: groupId }, service, { ...actor, tenant: 'acme' })).toMatchObject({ accepted: 1 });
    expect([recordOf(1)?.phase, recordOf(2)?.phase, recordOf(3)?.phase]).toEqual(['requeued', 'discarded', 'requeued']);
    await expect(recover({ group_id: groupId }, service, { ...actor, tenant: 'nobody' })).rejects.toMatchObject({
      code: 'ERROR_GROUP_NOT_FOUND',
    });
  });

  test('that breaks off in the middle has done what it has done, and asked again it does the rest', async () => {
    keep(...Array.from({ length: 2_500 }, (_, index) => discarded(index)));
    let pages = 0;
    const breaks = begun(async (step) => {
      if (step === 'before claim' && ++pages === 2) throw new Error('the database is away');
    });
    const request = { group_id: groupId, recovery_options: { custom_params } as never };
    await expect(recover(request, breaks)).rejects.toThrow('the database is away');
    expect(orders().size).toBe(1_000);
    expect(await recover(request)).toMatchObject({ accepted: 1_500, refused_count: 1_000 });
    const once = [{ attempt: 1, params: custom_params, by: 'ada' }];
    expect([...orders().values()]).toEqual(Array.from({ length: 2_500 }, () => once));
  });
});

test('what was asked for is kept with the attempt, and told with the record', async () => {
  keep(discarded(1), discarded(2));
  const recovery_options = { custom_params, from_step: 'charge' } as never;
  keptSteps = ['charge'];
  await recover({ error_record_id: idOf(1), recovery_options });
  await recover({ error_record_id: idOf(2) });
  const origin = { actor, requestId: 'one' };
  const told = async (index: number) => {
    const record = await new GetError(stores.records, stores.recoveries).execute({ error_record_id: idOf(index) }, origin);
    return record.recovery_attempts.at(-1);
  };
  const started = { timestamp: new Date(clock.at).toISOString(), method: 'manual_recover', result: 'started' };
  const recovery_id = expect.stringMatching(/^rcv_/);
  expect(await told(1)).toEqual({ ...started, recovery_id, requested_by: 'ada', custom_params, from_step: 'charge' });
  expect(await told(2)).toEqual({ ...started, recovery_id, requested_by: 'ada' });
});

describe('a process that ends in the middle of a manual recovery', () => {
  /** Asks for a group of three, one of which is refused, in a process that ends before a step of its own. */
  async function endAt(step: number): Promise<{ ended: boolean; request: Partial<ManualRecover> }> {
    let steps = 0;
    const dying = begun(async () => {
      // What has ended does nothing more, whatever it would still try.
      if (steps === step) throw new Error('ended');
      steps += 1;
    });
    const request = { group_id: groupId, recovery_options: { custom_params } as never };
    try {
      await recover(request, dying);
    } catch {
      return { ended: true, request };
    }
    return { ended: steps === step, request };
  }

  test('leaves each task ordered in the end or free to be asked for, wherever it ended', async () => {
    let endings = 0;
    for (let step = 0; ; step += 1) {
      stores = recoveryStores();
      sent = [];
      keep(discarded(1), discarded(2, { attempt: 3 }), recordSample(3, { resend_at: null, next_retry_at: null }));
      const { ended, request } = await endAt(step);
      if (!ended) break;
      endings += 1;
      const next = begun();
      clock.at += 1_000;
      await next.resendCommands.executeUnsent(clock.at, new AbortController().signal);
      for (const [index, attempt] of [
        [1, 1],
        [2, 3],
      ] as const) {
        const order = { attempt, params: custom_params, by: 'ada' };
        const made = orders().get(taskSample(index));
        if (recordOf(index)?.phase === 'requeued') expect(made).toContainEqual(order);
        else expect([made, recordOf(index)?.phase]).toEqual([undefined, 'discarded']);
      }
      const free = [1, 2].filter((index) => recordOf(index)?.phase === 'discarded').length;
      expect(await recover(request, next)).toMatchObject({ accepted: free, refused_count: 3 - free });
      expect([...orders().keys()].sort()).toEqual([taskSample(1), taskSample(2)]);
    }
    expect(endings).toBeGreaterThan(15);
  });
});
