import { beforeEach, describe, expect, test } from '@jest/globals';
import { operations, type Actor, type ActionInput, type GroupRecovery, type GroupRecoveryAnswer } from '@kintsugi/contracts';
import type { OutgoingCommand } from '@kintsugi/messaging';
import { groupIdSample, groupSample } from '../../groups/domain/group-sample.js';
import { GroupMerger } from '../../groups/group-merger.js';
import { recordSample } from '../../records/domain/error-record-sample.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import {
  recoveryInMemory,
  recoveryStores,
  type Passage,
  type RecoveryInMemory,
} from '../../resends/simulation/recovery-in-memory.js';

const actor: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };
const { group_id, job_id } = recordSample(0);
const live = new AbortController().signal;

let stores: ReturnType<typeof recoveryStores>;
let clock: { at: number; now: () => number };
let sent: OutgoingCommand[];
let service: RecoveryInMemory;

function begun(pass?: Passage): RecoveryInMemory {
  const queue = { publish: async (command: OutgoingCommand) => void sent.push(structuredClone(command)) };
  return recoveryInMemory({ stores, queue, statuses: { of: async () => null }, clock, ...(pass ? { pass } : {}) });
}

beforeEach(() => {
  stores = recoveryStores();
  clock = { at: Date.parse('2026-11-23T06:00:00.000Z'), now: () => clock.at };
  sent = [];
  service = begun();
});

const discarded = (index: number, given: Partial<StoredErrorRecord> = {}): StoredErrorRecord =>
  recordSample(index, { phase: 'discarded', resend_at: null, ...given });

function keep(count: number, given: Partial<StoredErrorRecord> = {}): void {
  for (let index = 0; index < count; index += 1) stores.stored.set(discarded(index)._id, discarded(index, given));
}

function recover(request: ActionInput<'recoverGroup'> = {}, who = actor, by = service): Promise<GroupRecoveryAnswer> {
  return by.groupRecoveries.recover.execute(operations.recoverGroup.request.parse({ group_id, ...request }), { actor: who });
}

async function began(request: ActionInput<'recoverGroup'> = {}): Promise<string> {
  return (await recover(request)).recovery?.id ?? '';
}

const standing = (recovery_id: string): Promise<GroupRecovery> => service.groupRecoveries.get.execute({ recovery_id }, { actor });

/** The tasks whose run was ordered and has not ended, by their records. */
function running(): StoredErrorRecord[] {
  return [...stores.stored.values()].filter(({ phase }) => phase === 'requeued');
}

/** Ends the runs that are under way: by the fix as it is. */
async function end(succeeds: (record: StoredErrorRecord) => boolean): Promise<void> {
  const good = running().filter(succeeds);
  const bad = running().filter((record) => !good.includes(record));
  await service.recordRecoveries.execute(good.map(({ task_id, attempt }) => ({ task_id, attempt: attempt + 1 })));
  for (const record of bad) {
    stores.stored.set(record._id, { ...record, phase: 'discarded', attempt: record.attempt + 1, manual_recovery_id: null });
  }
}

/** Lets some seconds pass, with a step in each fifth of one. */
async function pass(seconds: number, succeeds: (record: StoredErrorRecord) => boolean, by = service): Promise<void> {
  for (let step = 0; step < seconds * 5; step += 1) {
    clock.at += 200;
    await by.groupRecoveries.steps.step(live);
    await end(succeeds);
  }
}

const always = (): boolean => true;
const never = (): boolean => false;

describe('recoverGroup', () => {
  test('runs a canary first, judges it, and then the others at the rate', async () => {
    keep(100);
    const id = await began({ rate_per_second: 5, recovery_options: { custom_params: { to: 'ann' }, from_step: 'send' } });
    await service.groupRecoveries.steps.step(live);
    clock.at += 1_000;
    await service.groupRecoveries.steps.step(live);
    clock.at += 60_000;
    for (let step = 0; step < 9; step += 1) await service.groupRecoveries.steps.step(live);
    expect(running()).toHaveLength(5);
    expect(await standing(id)).toMatchObject({ state: 'canary', records: 100, counts: { ordered: 5 } });
    await end(always);
    await pass(10, always);
    const { state, counts } = await standing(id);
    expect(state).toBe('ramping');
    expect(counts.recovered).toBeGreaterThanOrEqual(50);
    expect(counts.recovered).toBeLessThanOrEqual(60);
    await pass(30, always);
    expect(await standing(id)).toMatchObject({
      ...{ state: 'completed', reason: 'every record was met', requested_by: 'ada' },
      counts: { chosen: 0, ordered: 0, recovered: 100, failed: 0, refused: 0 },
    });
    expect(sent.every(({ data }) => (data as { from_step?: string }).from_step === 'send')).toBe(true);
    expect(sent.every(({ data, actor: by }) => (data as { params: unknown }).params !== undefined && by.name === 'ada')).toBe(
      true,
    );
  });

  test('stops when the canary fails, and orders nothing more', async () => {
    keep(100);
    const id = await began();
    await pass(60, never);
    expect(await standing(id)).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('of the canary have failed again; 4 of 5 had to recover'),
      counts: { recovered: 0, ordered: 0, chosen: 0 },
    });
    expect([...stores.stored.values()].filter(({ attempt }) => attempt > 1).length).toBeLessThanOrEqual(5);
    expect(service.counted).toContain('kintsugi_group_recoveries_total stopped');
  });

  test('stops by itself when what follows a good canary fails', async () => {
    keep(200);
    const id = await began({ rate_per_second: 100 });
    let good = 0;
    await pass(30, () => (good += 1) <= 50);
    const { state, reason, counts } = await standing(id);
    expect([state, reason]).toEqual([
      'stopped',
      expect.stringMatching(/of the last \d+ have failed again; 16 of 20 had to recover/),
    ]);
    expect(counts.recovered).toBe(50);
    expect(counts.failed).toBeLessThan(60);
  });

  test('keeps to its filter and to the tenant of whoever asks, and goes on without what may not be run', async () => {
    keep(20);
    stores.stored.set(discarded(20)._id, discarded(20, { tenant: 'acme' }));
    stores.stored.set(discarded(21)._id, discarded(21, { phase: 'outcome_unknown', recovery_status: 'pending' }));
    stores.stored.set(discarded(22)._id, discarded(22, { error_type: 'net.reset' }));
    const own = { ...actor, tenant: 'default' };
    const { recovery } = await recover({ filter: { error_type: 'smtp.*', job_id } }, own);
    await pass(30, always);
    expect(await standing(recovery?.id ?? '')).toMatchObject({ state: 'completed', counts: { recovered: 20, refused: 1 } });
    const items = await service.groupRecoveries.items.execute(
      { recovery_id: recovery?.id ?? '', state: 'refused', limit: 9 },
      { actor: own },
    );
    expect(items.items).toMatchObject([
      { error_record_id: discarded(21)._id, reason: expect.stringContaining('outcome is unknown') },
    ]);
    await expect(recover({}, { ...actor, tenant: 'other' })).rejects.toMatchObject({ code: 'ERROR_GROUP_NOT_FOUND' });
    await expect(
      service.groupRecoveries.get.execute({ recovery_id: recovery?.id ?? '' }, { actor: { ...actor, tenant: 'acme' } }),
    ).rejects.toMatchObject({ code: 'GROUP_RECOVERY_NOT_FOUND' });
  });

  test('by force does not run what has ended for good', async () => {
    keep(3);
    stores.stored.set(discarded(3)._id, discarded(3, { phase: 'cancelled' }));
    stores.stored.set(discarded(4)._id, discarded(4, { phase: 'reported' }));
    stores.stored.set(discarded(5)._id, discarded(5, { phase: 'recovered' }));
    const id = await began({ recovery_options: { force: true, ignore_conditions: true } });
    await pass(10, always);
    expect(await standing(id)).toMatchObject({ state: 'completed', counts: { recovered: 3, refused: 2 } });
  });

  test('plans without beginning, with what would be left as it is', async () => {
    keep(10, { told: { safety: 'unsafe' } });
    stores.stored.set(discarded(10)._id, discarded(10, { phase: 'deferred' }));
    const { plan, recovery } = await recover({ dry_run: true, rate_per_second: 2 });
    expect(recovery).toBeNull();
    expect(plan).toMatchObject({ records: 11, checked: 11, refused_count: 1, estimated_seconds: 6 });
    expect(plan.warnings).toEqual([expect.stringContaining('10 of the tasks are unsafe')]);
    await pass(3, always);
    expect(running()).toEqual([]);
  });

  test('begins once for a key, once at a time for a group, and tells another request of the key apart', async () => {
    keep(10);
    const [one, same] = [await recover({ idempotency_key: 'k' }), await recover({ idempotency_key: 'k' })];
    expect(same.recovery?.id).toBe(one.recovery?.id);
    await expect(recover({ idempotency_key: 'k', rate_per_second: 7 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    await expect(recover()).rejects.toMatchObject({ code: 'STATE_CONFLICT', extras: { current: 'canary' } });
    await pass(10, always);
    expect((await recover({ idempotency_key: 'k' })).recovery).toMatchObject({ id: one.recovery?.id, state: 'completed' });
    expect((await recover()).recovery?.state).toBe('canary');
    const { items } = await service.groupRecoveries.list.execute({ limit: 9 }, { actor });
    expect(items.map(({ state }) => state)).toEqual(['canary', 'completed']);
  });

  test('is cancelled: what was ordered is seen to its end, and nothing more is ordered', async () => {
    keep(50);
    const id = await began();
    await service.groupRecoveries.steps.step(live);
    const cancelled = await service.groupRecoveries.cancel.execute({ recovery_id: id }, { actor });
    expect(cancelled).toMatchObject({ state: 'cancelled', reason: 'by ada' });
    const ordered = running().length;
    await pass(5, always);
    expect(await standing(id)).toMatchObject({ state: 'cancelled', counts: { recovered: ordered, ordered: 0 } });
    expect(await service.groupRecoveries.cancel.execute({ recovery_id: id }, { actor })).toMatchObject({ state: 'cancelled' });
    const done = await began();
    await pass(10, always);
    await expect(service.groupRecoveries.cancel.execute({ recovery_id: done }, { actor })).rejects.toThrow('nothing to cancel');
  });

  test('stops where what was asked for is no longer kept, and leaves the records as they are', async () => {
    keep(20);
    const id = await began();
    await stores.recoveries.remove(id);
    await pass(3, always);
    expect(await standing(id)).toMatchObject({
      ...{ state: 'stopped', reason: expect.stringContaining('no longer kept') },
      counts: { chosen: 0, ordered: 0, recovered: 0 },
    });
    expect([...stores.stored.values()].every(({ phase }) => phase === 'discarded')).toBe(true);
  });

  test('stops where its group is made part of another, and says which has the rest', async () => {
    keep(50);
    await stores.groups.write([0, 7].map((index) => ({ previous: null, next: groupSample(index) })));
    const id = await began({ idempotency_key: 'k' });
    await service.groupRecoveries.steps.step(live);
    await new GroupMerger(stores.groups).merge(group_id, groupIdSample(7));
    await pass(10, always);
    expect(await standing(id)).toMatchObject({
      ...{ state: 'stopped', reason: expect.stringContaining(`made part of ${groupIdSample(7)}`) },
      counts: { chosen: 0, ordered: 0, recovered: 5 },
    });
    expect((await recover({ dry_run: true })).plan.records).toBe(45);
    expect((await recover({ idempotency_key: 'k' })).recovery?.id).toBe(id);
  });

  test('forgets what it has done once it is no longer kept', async () => {
    keep(3);
    await began();
    await pass(5, always);
    await service.groupRecoveries.forget.execute();
    expect(await stores.recoveryItems.recoveryIds()).toHaveLength(1);
    const kept = stores.groupRecoveries;
    stores.groupRecoveries = new (kept.constructor as new () => typeof kept)();
    await begun().groupRecoveries.forget.execute();
    expect(await stores.recoveryItems.recoveryIds()).toEqual([]);
  });
});

test('killed at any step, it goes on and runs no record twice', async () => {
  const size = 12;
  for (let fatal = 1; ; fatal += 1) {
    stores = recoveryStores();
    service = begun();
    sent = [];
    keep(size);
    const id = await began({ rate_per_second: 10, canary: { size: 3, min_success: 1 } });
    let steps = 0;
    const mortal = begun(async (step) => {
      steps += 1;
      if (steps === fatal) throw new Error(`killed ${step}`);
    });
    for (let round = 0; round < 25 && steps < fatal; round += 1) {
      clock.at += 200;
      await mortal.groupRecoveries.steps.step(live).catch(() => undefined);
      if (steps < fatal) await end(always);
    }
    if (steps < fatal) break;
    // What was taken and not ordered is ordered with all that may be lost.
    clock.at += 31_000;
    await service.resendCommands.execute(live);
    await end(always);
    await pass(10, always);
    expect({ fatal, ...(await standing(id)) }).toMatchObject({ state: 'completed', counts: { recovered: size, refused: 0 } });
    const orders = [...stores.stored.values()].map(({ recovery_attempts: attempts, retry_count }) => [
      attempts.filter(({ method }) => method === 'manual_recover').length,
      retry_count,
    ]);
    expect({ fatal, orders }).toEqual({ fatal, orders: Array.from({ length: size }, () => [1, 1]) });
    const ordered = new Set(
      sent.flatMap(({ data }) => (data as { tasks: { task_id: string }[] }).tasks.map((task) => task.task_id)),
    );
    expect(ordered.size).toBe(size);
  }
});

test('ten thousand records are met a page at a time', async () => {
  keep(10_000);
  const id = await began({ rate_per_second: 1_000 });
  let most = 0;
  const unrecovered = stores.recoverable.unrecovered.bind(stores.recoverable);
  stores.recoverable.unrecovered = (part, place, limit) => {
    most = Math.max(most, limit);
    return unrecovered(part, place, limit);
  };
  await pass(14, always, begun());
  expect(await standing(id)).toMatchObject({ state: 'completed', counts: { recovered: 10_000 } });
  expect(most).toBeLessThanOrEqual(500);
});
