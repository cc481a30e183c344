import { expect, test } from '@jest/globals';
import type { MeteredShares } from '../../shares/metered-shares.js';
import { LogReaders, type LogReader } from './log-readers.js';

const who = { callerName: 'The key viewer', isStillAdmitted: () => Promise.resolve(true) };

function readersOf() {
  let slow = 0;
  const shares = { take: () => ({ release: () => undefined }), countSlow: () => (slow += 1) } as unknown as MeteredShares;
  const readers = new LogReaders(shares, { heartbeatIntervalMs: 60_000, stallTimeoutMs: 30_000 });
  readers.close();
  return { readers, slow: () => slow };
}

/** Readers that begin to read a part each, and take the first piece of it. */
async function begun(readers: LogReaders, count: number) {
  const made: LogReader[] = [];
  const cut: LogReader[] = [];
  const reading: Promise<void>[] = [];
  for (let at = 0; at < count; at += 1) {
    const reader = readers.enter(who);
    reader.cut = () => {
      cut.push(reader);
      reader.leave();
    };
    const part = reader.part(() => Promise.resolve({ bytes: Buffer.alloc(100_000), known: null }));
    reading.push(
      part.then(() => {
        if (reader.signal.aborted) return;
        made.push(reader);
        reader.pieces().next();
      }),
    );
  }
  await settled();
  return { made, cut, reading };
}

const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('however many readers of logs take nothing, only so many parts are made for them', async () => {
  const { readers } = readersOf();
  const { made } = await begun(readers, 500);
  expect(made.length).toBe(64);
  expect(readers.room.held).toBe(64);
});

test('readers that take nothing make room for those that wait, and nobody is cut while there is room', async () => {
  const { readers, slow } = readersOf();
  const { made, cut } = await begun(readers, 64);
  readers.cutStalled(performance.now() + 10_000);
  expect(cut.length).toBe(0);
  const others = await begun(readers, 10);
  expect(others.made.length).toBe(0);
  readers.cutStalled(performance.now() + 10_000);
  await settled();
  expect([cut.length, slow(), others.made.length]).toEqual([made.length, 64, 10]);
  expect(readers.room.held).toBe(10);
});

test('a part that was taken gives its room to the next reader, and so does one that is left', async () => {
  const { readers } = readersOf();
  const { made } = await begun(readers, 70);
  const [first, second] = made as [LogReader, LogReader];
  expect([...first.pieces()].reduce((sum, { length }) => sum + length, 0)).toBe(100_000 - 32 * 1024);
  second.leave();
  await settled();
  expect([made.length, readers.room.held]).toEqual([66, 64]);
});

test('a reader that is ended while it waits for room takes none', async () => {
  const { readers } = readersOf();
  const { made } = await begun(readers, 64);
  const late = readers.enter(who);
  const part = late.part(() => Promise.reject(new Error('It is not to be read.')));
  late.leave();
  expect(await part).toBeNull();
  for (const reader of made) reader.leave();
  expect([readers.room.held, readers.size]).toEqual([0, 0]);
});

test('a caller that reads one log gets room before all that wait of another', async () => {
  const { readers } = readersOf();
  const { made } = await begun(readers, 500);
  const other = readers.enter({ ...who, callerName: 'The key other' });
  let isRead = false;
  const part = other.part(() => Promise.resolve({ bytes: Buffer.alloc(1), known: (isRead = true) }));
  made[0]?.leave();
  await settled();
  expect([isRead, made.length]).toEqual([true, 64]);
  expect(await part).toBe(true);
});
