import { equal } from 'node:assert/strict';
import type { Actor } from '@kintsugi/contracts';
import { equalText } from '../records/error-records-conformance.js';
import type { StoredGroupRecovery } from './domain/group-recovery.js';
import type { GroupRecoveries } from './group-recoveries.js';

const actor: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: null, door: 'http', address: '10.0.0.7' };
const at = '2026-11-23T06:00:00.000Z';

/** What every keeper of recoveries of groups promises. It begins without any. */
export const groupRecoveryPromises: [promise: string, hold: (recoveries: GroupRecoveries) => Promise<void>][] = [
  ['begins one recovery of a key, and one at a time of what it is about', addsOnce],
  ['writes over the version that was read, and no other', writes],
  ['gives those that are active, and those of a filter newest first', lists],
  ['tells those that wait from those that run, or whose runs have yet to end', tellsWaiting],
];

/** A recovery of a group, for specs. */
function recoverySample(index: number, given: Partial<StoredGroupRecovery> = {}): StoredGroupRecovery {
  return {
    ...{
      _id: `rcv_${index}`,
      tenant: null,
      group_id: `grp_${'0'.repeat(32)}`,
      filter: {},
      force: false,
      ignore_conditions: false,
    },
    ...{ canary: { size: 5, min_success: 0.8 }, rate_per_second: 10, requested_by: actor, requested_at: at, records: 9 },
    ...{ state: 'canary', reason: null, state_at: at, place: null, exhausted: false, next_at: 0, active: true },
    ...{ open_for: `about ${index}`, request_hash: 'a', version: 1 },
    ...given,
  };
}

async function addsOnce(recoveries: GroupRecoveries): Promise<void> {
  const first = recoverySample(1, { idempotency_key: '/k' });
  equal(await recoveries.add(first), null);
  equalText(await recoveries.add(recoverySample(2, { open_for: 'about 1' })), first);
  equalText(await recoveries.add(recoverySample(3, { idempotency_key: '/k' })), first);
  equal(await recoveries.add(recoverySample(4)), null);
  const { open_for: _, ...ended } = { ...first, version: 2 };
  equal(await recoveries.write(first, ended), true);
  equal(await recoveries.add(recoverySample(5, { open_for: 'about 1' })), null);
  equalText(await recoveries.ofKey('/k'), ended);
  equal(await recoveries.ofKey('/none'), null);
  equalText(await recoveries.among(['rcv_5', 'rcv_2', 'rcv_1']).then((ids) => ids.toSorted()), ['rcv_1', 'rcv_5']);
}

async function writes(recoveries: GroupRecoveries): Promise<void> {
  const first = recoverySample(1);
  await recoveries.add(first);
  const next = { ...first, state: 'ramping' as const, version: 2 };
  equal(await recoveries.write(first, next), true);
  equal(await recoveries.write(first, { ...first, state: 'cancelled', version: 2 }), false);
  equalText(await recoveries.find('rcv_1'), next);
  equal(await recoveries.find('rcv_none'), null);
}

async function lists(recoveries: GroupRecoveries): Promise<void> {
  const { active: _, ...over } = recoverySample(2, { state: 'completed', tenant: 'acme' });
  for (const recovery of [recoverySample(1), over, recoverySample(3)]) await recoveries.add(recovery);
  const ids = (found: StoredGroupRecovery[]): string[] => found.map(({ _id }) => _id);
  equalText(ids(await recoveries.running(9)), ['rcv_1', 'rcv_3']);
  equalText(ids(await recoveries.running(1)), ['rcv_1']);
  equalText(ids(await recoveries.latest({}, null, 2)), ['rcv_3', 'rcv_2']);
  equalText(ids(await recoveries.latest({}, 'rcv_2', 2)), ['rcv_1']);
  equalText(ids(await recoveries.latest({ tenant: 'acme', state: 'completed' }, null, 9)), ['rcv_2']);
  await recoveries.add(recoverySample(0, { tenant: 'acme' }));
  const counts = [undefined, { tenant: null }, { tenant: 'acme' }, { tenant: 'none' }].map((of) => recoveries.countActive(of));
  equalText(await Promise.all(counts), [3, 2, 1, 0]);
}

async function tellsWaiting(recoveries: GroupRecoveries): Promise<void> {
  const states = ['waiting', 'canary', 'waiting', 'ramping', 'stopped', 'cancelled', 'completed'] as const;
  for (const [index, state] of states.entries()) await recoveries.add(recoverySample(index + 1, { state }));
  const { active: _, ...over } = recoverySample(8, { state: 'stopped' });
  await recoveries.add(over);
  const ids = (found: StoredGroupRecovery[]): string[] => found.map(({ _id }) => _id);
  equalText(ids(await recoveries.waiting(9)), ['rcv_1', 'rcv_3']);
  equalText(ids(await recoveries.waiting(1)), ['rcv_1']);
  equalText(ids(await recoveries.running(9)), ['rcv_2', 'rcv_4', 'rcv_5', 'rcv_6', 'rcv_7']);
}
