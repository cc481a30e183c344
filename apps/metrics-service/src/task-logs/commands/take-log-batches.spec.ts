import { expect, test } from '@jest/globals';
import type { LogBatch, LogReceipt, LogRun } from '@kintsugi/contracts';
import { partOf, runOf } from '../log-lines-of.js';
import { LogStoreInMemory } from '../log-store-in-memory.js';
import { ReadLog } from '../queries/read-log.js';
import { TakeLogBatches } from './take-log-batches.js';

const log = '01890a5d-ac96-774b-bcce-b302099a8057';
const bundle = '01890a5d-ac96-774b-bcce-b302099a8058';

class FailingStore extends LogStoreInMemory {
  isAway = false;

  override add(blocks: Parameters<LogStoreInMemory['add']>[0]): Promise<number> {
    return this.isAway ? Promise.reject(new Error('away')) : super.add(blocks);
  }
}

function taking(jobBytesMax = 1_000_000) {
  const store = new FailingStore();
  const stored: string[][] = [];
  const command = new TakeLogBatches(store, { jobBytesMax, onStored: ({ logs }) => void stored.push(logs) });
  let sequence = 0;
  const send = (parts: ReturnType<typeof partOf>[], over: Partial<LogBatch> = {}) => {
    sequence += 1;
    const batch = {
      v: 1 as const,
      worker_id: 'w',
      sequence,
      again: false,
      dropped: 0,
      parts: parts.map(({ part }) => part),
      ...over,
    };
    return new Promise<LogReceipt>((answer, fail) => {
      command.take({ batch, lines: Buffer.from(parts.map(({ body }) => body).join('')), answer, fail });
    });
  };
  const reading = new ReadLog(store);
  const texts = async (of = log): Promise<string[]> =>
    (await reading.lines({ log: of, filter: {}, limit: 1_000 })).lines.map(({ text }) => text);
  return { command, store, stored, send, texts };
}

test('what comes in is stored in its order and told to whoever follows', async () => {
  const { send, texts, stored } = taking();
  const batches = Array.from({ length: 50 }, (_, at) => send([partOf(log, [runOf('0.0', 1, [`line ${at}`])])]));
  expect(await Promise.all(batches)).toEqual(batches.map(() => ({ taken: true, compact: true })));
  expect(await texts()).toEqual(batches.map((_, at) => `line ${at}`));
  expect(stored.flat()).toContain(log);
});

test('a batch that comes again is stored once', async () => {
  const { send, texts } = taking();
  const part = partOf(log, [runOf('0.0', 1, ['once'])]);
  await send([part], { sequence: 7 });
  await send([part, partOf(bundle, [runOf('0.0', 1, ['new'])])], { sequence: 7, again: true });
  expect([await texts(), await texts(bundle)]).toEqual([['once'], ['new']]);
});

test('a batch that cannot be stored is not answered, and counts for nothing when it comes again', async () => {
  const { send, texts, store } = taking(10);
  store.isAway = true;
  const part = partOf(log, [runOf('0.0', 1, ['12345678'])]);
  await expect(send([part])).rejects.toThrow('away');
  store.isAway = false;
  expect(await send([part])).toEqual({ taken: true, compact: true });
  expect(await texts()).toEqual(['12345678']);
});

test('of a job whose log is full nothing more is kept, its log says so once, and its worker is told', async () => {
  const { send, texts } = taking(10);
  expect(await send([partOf(log, [runOf('0.0', 1, ['1234567890'])])])).toEqual({
    taken: true,
    compact: true,
    full: [`job_${log}`],
  });
  expect(await send([partOf(log, [runOf('0.0', 1, ['more'])])])).toEqual({ taken: true, compact: true, full: [`job_${log}`] });
  expect(await texts()).toEqual(['1234567890', expect.stringContaining('the log of this job is full')]);
});

test('a job of a bundle fills no log but its own', async () => {
  const { send, texts } = taking(10);
  const bundled = (...runs: Parameters<typeof partOf>[1]) => partOf(bundle, runs, { bundled: true });
  const receipt = await send([bundled(runOf('0.3', 1, ['1234567890']), runOf('0.4', 1, ['abc']))]);
  expect(receipt).toEqual({ taken: true, compact: true, full: [`job_${bundle}.3`] });
  await send([bundled(runOf('0.3', 1, ['lost']), runOf('0.4', 1, ['kept']))]);
  expect(await texts(bundle)).toEqual(['1234567890', expect.stringContaining('is full'), 'abc', 'kept']);
});

test('what comes late of a deleted job is dropped', async () => {
  const { send, texts, store } = taking();
  await store.forget([`job_${log}`]);
  expect(await send([partOf(log, [runOf('0.0', 1, ['late'])])])).toEqual({ taken: true, compact: true });
  expect(await texts()).toEqual([]);
});

test('however much is sent while the database is slow, only so much of it waits, and the rest may come again', async () => {
  const { command, store, texts } = taking();
  const wake = Promise.withResolvers<void>();
  const add = store.add.bind(store);
  store.add = async (blocks) => {
    await wake.promise;
    return add(blocks);
  };
  const { part, body } = partOf(log, [runOf('0.0', 1, ['x'])]);
  const answered: number[] = [];
  const send = (sequence: number): void =>
    command.take({
      batch: { v: 1, worker_id: 'w', sequence, again: false, dropped: 0, parts: [part] },
      lines: Buffer.from(body),
      answer: () => void answered.push(sequence),
      fail: () => undefined,
    });
  for (let sequence = 1; sequence <= 30_000; sequence += 1) send(sequence);
  expect(command.held).toBe(10_000);
  send(10_000);
  expect(command.held).toBe(10_000);
  wake.resolve();
  while (command.held > 0) await new Promise<void>((resolve) => void setImmediate(resolve));
  send(30_001);
  while (!answered.includes(30_001)) await new Promise<void>((resolve) => void setImmediate(resolve));
  expect(answered).toContain(10_000);
  expect((await texts()).length).toBeGreaterThan(0);
});

test('what is small and unpacks to much is stored in several goes', async () => {
  const goes: number[] = [];
  class CountingStore extends LogStoreInMemory {
    override add(blocks: Parameters<LogStoreInMemory['add']>[0]): Promise<number> {
      goes.push(blocks.length);
      return Promise.resolve(0);
    }
  }
  const command = new TakeLogBatches(new CountingStore(), { jobBytesMax: 1e12, onStored: () => undefined });
  const bytes = 16 * 1024 * 1024;
  const part = { ...partOf(log, []).part, runs: [['0.0', 1, 1, bytes, bytes] as LogRun], packed: 1 };
  const answers = Array.from({ length: 11 }, (_, sequence) => {
    const batch = { v: 1 as const, worker_id: 'w', sequence, again: false, dropped: 0, parts: [part] };
    return new Promise((answer, fail) => command.take({ batch, lines: Buffer.alloc(1), answer, fail }));
  });
  await Promise.all(answers);
  expect(goes.reduce((sum, count) => sum + count, 0)).toBe(11);
  expect(Math.max(...goes)).toBe(4);
});
