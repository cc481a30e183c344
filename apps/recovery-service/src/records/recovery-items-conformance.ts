import { equal } from 'node:assert/strict';
import { equalText } from './error-records-conformance.js';
import { recoveryItemIdOf, type RecoveryItems, type StoredRecoveryItem } from './recovery-items.js';

const at = '2026-11-23T06:00:00.000Z';
const later = '2026-11-23T06:00:01.000Z';

/** What every keeper of the items of recoveries promises. It begins without any. */
export const recoveryItemPromises: [promise: string, hold: (items: RecoveryItems) => Promise<void>][] = [
  ['keeps an item that is there when it is added again', addsOnce],
  ['counts the items of recoveries by their states', counts],
  ['moves items that are where the move begins, and no others', moves],
  ['gives items in a state a page at a time, the longest so first', givesByTime],
  ['gives how the last ones ended, the newest first', givesJudged],
  ['gives all of a recovery a page at a time', givesPages],
  ['forgets records and recoveries', forgets],
];

/** An item of a recovery, for specs. */
function itemSample(index: number, given: Partial<StoredRecoveryItem> = {}): StoredRecoveryItem {
  const { recovery_id = 'rcv_1' } = given;
  const error_record_id = `err_${index}`;
  return {
    ...{ _id: recoveryItemIdOf(recovery_id, error_record_id), recovery_id, error_record_id },
    ...{ stage: 'canary' as const, state: 'chosen' as const, attempt: 1, reason: null, at },
    ...given,
  };
}

async function addsOnce(items: RecoveryItems): Promise<void> {
  await items.add([]);
  await items.add([itemSample(1)]);
  await items.add([itemSample(1, { attempt: 2, state: 'refused' }), itemSample(2)]);
  equalText(await items.inState('rcv_1', 'chosen', null, 9), [itemSample(1), itemSample(2)]);
  equal(await items.countOpen('rcv_1'), 2);
}

async function counts(items: RecoveryItems): Promise<void> {
  await items.add([itemSample(1), itemSample(2), itemSample(3, { state: 'refused' }), itemSample(4, { recovery_id: 'rcv_2' })]);
  await items.add([itemSample(5, { recovery_id: 'rcv_3' })]);
  const found = await items.counts(['rcv_1', 'rcv_2', 'rcv_none']);
  equalText(found.get('rcv_1'), { chosen: 2, ordered: 0, recovered: 0, failed: 0, refused: 1 });
  equalText(found.get('rcv_2'), { chosen: 1, ordered: 0, recovered: 0, failed: 0, refused: 0 });
  equal(found.size, 2);
  equal((await items.counts([])).size, 0);
}

async function moves(items: RecoveryItems): Promise<void> {
  await items.add([itemSample(1), itemSample(2), itemSample(3, { state: 'recovered' })]);
  const ordered = [1, 2, 3].map((index) => ({
    ...{ id: itemSample(index)._id, from: 'chosen' as const, to: 'ordered' as const, reason: null },
  }));
  await items.move(ordered, later);
  const failed = { id: itemSample(2)._id, from: 'ordered' as const, to: 'failed' as const, reason: 'smtp.550' };
  await items.move([failed], later);
  equalText(await items.page('rcv_1', undefined, null, 9), [
    itemSample(1, { state: 'ordered', at: later }),
    itemSample(2, { state: 'failed', reason: 'smtp.550', at: later }),
    itemSample(3, { state: 'recovered' }),
  ]);
}

async function givesByTime(items: RecoveryItems): Promise<void> {
  await items.add([itemSample(1, { at: later }), itemSample(2), itemSample(3), itemSample(4, { recovery_id: 'rcv_2' })]);
  const [first, second] = await items.inState('rcv_1', 'chosen', null, 2);
  equalText([first?.error_record_id, second?.error_record_id], ['err_2', 'err_3']);
  const rest = await items.inState('rcv_1', 'chosen', { at, id: itemSample(2)._id }, 9);
  equalText(
    rest.map(({ error_record_id }) => error_record_id),
    ['err_3', 'err_1'],
  );
}

async function givesJudged(items: RecoveryItems): Promise<void> {
  await items.add([
    itemSample(1, { state: 'recovered' }),
    itemSample(2, { state: 'failed', at: later }),
    itemSample(3, { state: 'refused', at: later }),
    itemSample(4, { state: 'failed', recovery_id: 'rcv_2' }),
  ]);
  equalText(await items.lastJudged('rcv_1', 9), ['failed', 'recovered']);
  equalText(await items.lastJudged('rcv_1', 1), ['failed']);
  equalText(await items.lastJudged('rcv_1', 0), []);
}

async function givesPages(items: RecoveryItems): Promise<void> {
  await items.add([3, 1, 2].map((index) => itemSample(index, index === 2 ? { state: 'refused' } : {})));
  await items.add([itemSample(4, { recovery_id: 'rcv_2' })]);
  const ids = async (...[state, after]: [state?: 'refused', after?: string]): Promise<string[]> =>
    (await items.page('rcv_1', state, after ?? null, 2)).map(({ error_record_id }) => error_record_id);
  equalText(await ids(), ['err_1', 'err_2']);
  equalText(await ids(undefined, 'err_2'), ['err_3']);
  equalText(await ids('refused'), ['err_2']);
}

async function forgets(items: RecoveryItems): Promise<void> {
  await items.add([1, 2, 3].map((index) => itemSample(index, { recovery_id: `rcv_${index}` })));
  await items.removeOf(['err_1', 'err_none']);
  equalText((await items.recoveryIds()).sort(), ['rcv_2', 'rcv_3']);
  await items.removeRecovery('rcv_2');
  equalText(await items.recoveryIds(), ['rcv_3']);
}
