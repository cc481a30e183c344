import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { findLines, type LogFilter } from './domain/log-filter.js';
import { blockWith, runOf } from './log-lines-of.js';
import type { BlockQuery, LogStore } from './log-store.js';

/** Logs of their own for each promise: a database is shared by all. */
const logs = Array.from({ length: 9 }, (_, at) => `01890a5d-ac96-774b-bcce-b302099a80${at}7`);

/** What every keeper of logs promises. `store` begins without any. */
export const logStorePromises: [promise: string, hold: (store: LogStore) => Promise<void>][] = [
  ['gives blocks in their order, from one on, and backwards', givesInOrder],
  ['gives only what may hold a wanted line', givesWanted],
  ['gives every block that holds a wanted text, and the last one', givesHolders],
  ['knows a batch that it holds', knowsBatch],
  ['adds up sizes by job, and in all', addsUp],
  ['forgets a deleted job, and what comes in of it later', forgetsJob],
  ['forgets a deleted job of a bundle, and none beside it', forgetsBundled],
  ['tells logs by their age and removes them', removesOldest],
];

async function textsIn(store: LogStore, query: BlockQuery): Promise<string[]> {
  const texts: string[] = [];
  for await (const block of store.read(query)) {
    texts.push(...findLines(block, query.filter, 0, 1_000).lines.map(({ text }) => text));
  }
  return texts;
}

const all: LogFilter = {};

async function givesInOrder(store: LogStore): Promise<void> {
  const [log, other] = logs as [string, string];
  await store.add(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => blockWith(log, key, [runOf('0.0', 1, [key])])));
  await store.add([blockWith(other, 'b', [runOf('0.0', 1, ['of another'])])]);
  assert.deepEqual(await textsIn(store, { log, filter: all }), ['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  assert.deepEqual(await textsIn(store, { log, filter: all, from: 'e' }), ['e', 'f', 'g']);
  assert.deepEqual(await textsIn(store, { log, filter: all, from: 'e~' }), ['f', 'g']);
  assert.deepEqual((await textsIn(store, { log, filter: all, newestFirst: true })).slice(0, 2), ['g', 'f']);
}

async function givesWanted(store: LogStore): Promise<void> {
  const log = logs[2] as string;
  await store.add([
    blockWith(log, 'a', [runOf('0.0', 1, ['first'])], { first_ms: 1, last_ms: 10 }),
    blockWith(log, 'b', [runOf('3.0', 1, ['second'])], { first_ms: 20, last_ms: 30 }),
  ]);
  const keysOf = async (filter: LogFilter): Promise<string[]> => (await store.outline({ log, filter })).map(({ key }) => key);
  assert.deepEqual(await keysOf(all), ['a', 'b']);
  assert.deepEqual(await keysOf({ place: '3.0' }), ['b']);
  assert.deepEqual(await keysOf({ attempt: 2 }), []);
  assert.deepEqual(await keysOf({ sinceMs: 11 }), ['b']);
  assert.deepEqual(await keysOf({ untilMs: 20 }), ['a']);
  assert.deepEqual(await textsIn(store, { log, filter: { place: '0.0' } }), ['first']);
}

async function givesHolders(store: LogStore): Promise<void> {
  const log = logs[8] as string;
  const holders = [3, 700, 1_001, 1_098];
  const keys = Array.from({ length: 1_100 }, (_, at) => String(at).padStart(5, '0'));
  const usual = Array.from({ length: 80 }, (_, line) => `INFO line=${line} all is as it should be, and goes on as it did`);
  const [without, holding] = [runOf('0.0', 1, usual), runOf('0.0', 1, [...usual, 'ERROR 接続拒否 refused'])];
  await store.add(
    keys.map((key, at) => blockWith(log, key, [holders.includes(at) ? holding : without], { first_ms: at, last_ms: at })),
  );
  const text = '接続拒否 ref';
  const given = async (query: Partial<BlockQuery>): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of store.read({ log, filter: { text }, ...query })) found.push(key);
    return found;
  };
  const wanted = [...holders, 1_099].map((at) => keys[at]);
  const isWanted = (key: string): boolean => wanted.includes(key);
  assert.deepEqual((await given({})).filter(isWanted), wanted);
  assert.deepEqual((await given({ from: '00701' })).filter(isWanted), wanted.slice(2));
  assert.deepEqual((await given({ newestFirst: true })).filter(isWanted), wanted.toReversed());
  assert.deepEqual((await given({ filter: { text: '接' } })).filter(isWanted), wanted);
  assert.deepEqual((await given({ filter: { text, sinceMs: 4 } })).filter(isWanted), wanted.slice(1));
  const between = await given({ filter: { text, sinceMs: 701, untilMs: 1_000 } });
  assert.deepEqual([between.filter(isWanted), between.at(-1)], [[], keys[999]]);
}

async function knowsBatch(store: LogStore): Promise<void> {
  const log = logs[3] as string;
  await store.add([blockWith(log, 'a', [runOf('0.0', 1, ['x'])], { from: 'w#7' })]);
  assert.deepEqual([await store.holds(log, 'w#7'), await store.holds(log, 'w#8')], [true, false]);
}

async function addsUp(store: LogStore): Promise<void> {
  const [own, bundle] = logs.slice(4, 6) as [string, string];
  const before = await store.totals();
  await store.add([
    blockWith(own, 'a', [runOf('0.0', 1, ['four']), runOf('7.200', 1, ['日'])], { last_ms: 5_000 }),
    blockWith(own, 'b', [runOf('0.0', 1, ['xy'])], { last_ms: 4_000 }),
    blockWith(bundle, 'c', [runOf('0.0', 1, ['a']), runOf('0.17', 1, ['bcd'])], { bundled: true }),
  ]);
  const sizes = await store.sizes([own, bundle, 'unknown']);
  assert.deepEqual([...sizes.keys()].sort(), [own, bundle].sort());
  assert.deepEqual(sizes.get(own)?.textBytes, { '': 9 });
  assert.deepEqual(sizes.get(own)?.lastAt, new Date(5_000));
  assert.deepEqual(sizes.get(bundle)?.textBytes, { 0: 1, 17: 3 });
  const after = await store.totals();
  assert.equal(after.logs - before.logs, 2);
  assert.ok(after.storedBytes > before.storedBytes);
}

async function forgetsJob(store: LogStore): Promise<void> {
  const log = logs[6] as string;
  await store.add([blockWith(log, 'a', [runOf('0.0', 1, ['x'])])]);
  await store.forget([`job_${log}`]);
  assert.deepEqual(await textsIn(store, { log, filter: all }), []);
  assert.equal((await store.sizes([log])).size, 0);
  const late = [blockWith(log, 'b', [runOf('0.0', 1, ['late'])])];
  await store.add(late);
  await store.dropForgotten(late);
  assert.deepEqual(await textsIn(store, { log, filter: all }), []);
}

async function forgetsBundled(store: LogStore): Promise<void> {
  const log = logs[7] as string;
  const runs = [runOf('0.1', 1, ['stays']), runOf('0.11', 1, ['goes']), runOf('0.2', 1, ['stays too'])];
  await store.add([
    blockWith(log, 'a', runs, { bundled: true }),
    blockWith(log, 'b', [runOf('0.11', 2, ['goes'])], { bundled: true }),
  ]);
  await store.forget([`job_${log}.11`]);
  assert.deepEqual(await textsIn(store, { log, filter: all }), ['stays', 'stays too']);
  assert.equal((await store.sizes([log])).get(log)?.textBytes['11'], undefined);
  const late = [blockWith(log, 'c', [runOf('0.11', 3, ['goes']), runOf('0.1', 2, ['comes late'])], { bundled: true })];
  await store.add(late);
  // What is kept of a bundle may be large, and every batch of its other jobs would read it again.
  const reading = mock.method(store, 'read');
  await store.dropForgotten(late);
  assert.equal(reading.mock.callCount(), 0);
  reading.mock.restore();
  assert.deepEqual(await textsIn(store, { log, filter: all }), ['stays', 'stays too', 'comes late']);
}

async function removesOldest(store: LogStore): Promise<void> {
  const [older, newer] = ['01890a5d-ac96-774b-bcce-b302099a8917', '01890a5d-ac96-774b-bcce-b302099a8927'];
  await store.add([
    blockWith(newer, 'a', [runOf('0.0', 1, ['x'])], { last_ms: 900 }),
    blockWith(older, 'b', [runOf('0.0', 1, ['y'])], { last_ms: 800 }),
  ]);
  const found = async (before?: Date): Promise<string[]> => {
    const kept: string[] = [];
    for await (const { log } of store.oldest(before)) if ([older, newer].includes(log)) kept.push(log);
    return kept;
  };
  assert.deepEqual(await found(), [older, newer]);
  assert.deepEqual(await found(new Date(900)), [older]);
  await store.remove(older);
  assert.deepEqual(await found(), [newer]);
  assert.deepEqual(await textsIn(store, { log: older, filter: all }), []);
}
