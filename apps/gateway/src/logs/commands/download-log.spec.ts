import { expect, test } from '@jest/globals';
import { serviceActor, type ActionInput, type LogText } from '@kintsugi/contracts';
import { ownOrigin } from '@kintsugi/messaging';
import type { Backend } from '../../nats/backend.js';
import type { MeteredShares } from '../../shares/metered-shares.js';
import { DownloadLog } from './download-log.js';
import { LogReaders } from './log-readers.js';

const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const origin = ownOrigin(serviceActor('gateway'));
const whole = 'line 0\nline 1\nline 2\n';

/** A log of three lines, each a part; of one that is removed meanwhile nothing follows the first. */
function downloads({ isRemoved = false, isStillAdmitted = () => Promise.resolve(true) } = {}) {
  const partAt = (from: number): LogText => ({
    text: whole.slice(from, from + 7),
    skip_bytes: 0,
    next_cursor: from + 7 < whole.length ? `a.${from + 7}` : null,
    total_bytes: from === 0 ? whole.length : null,
  });
  const ask = (_action: string, { cursor, from_byte: from }: Partial<ActionInput<'readLogText'>>): Promise<LogText> => {
    const at = cursor === undefined ? (from ?? 0) : Number(cursor.slice(2));
    const gone: LogText = { text: '', skip_bytes: 0, next_cursor: null, total_bytes: null };
    return Promise.resolve(isRemoved && at > 0 ? gone : partAt(at));
  };
  const backend = { ask, requestWithRetry: ask } as unknown as Backend;
  const shares = { take: () => ({ release: () => undefined }) } as unknown as MeteredShares;
  const readers = new LogReaders(shares, { heartbeatIntervalMs: 0, stallTimeoutMs: 30_000 });
  readers.close();
  const begin = (range?: string) =>
    new DownloadLog(backend, readers).execute({ jobId, range }, { callerName: 'The key viewer', isStillAdmitted }, origin);
  return { begin, readers };
}

async function text(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

test('a log comes whole or from any byte to any other, and nothing is held for it afterwards', async () => {
  const { begin, readers } = downloads();
  expect(await text((await begin()).body)).toBe(whole);
  expect(await text((await begin('bytes=9-16')).body)).toBe(whole.slice(9, 17));
  expect(await text((await begin('bytes=0-6')).body)).toBe(whole.slice(0, 7));
  expect([readers.size, readers.room.held]).toEqual([0, 0]);
});

test('a log that is removed while it is downloaded is not taken for the whole one', async () => {
  const { begin, readers } = downloads({ isRemoved: true });
  await expect(text((await begin()).body)).rejects.toThrow('ended 14 bytes before what was announced');
  expect([readers.size, readers.room.held]).toEqual([0, 0]);
});

test('a download ends with the key that began it', async () => {
  let asked = 0;
  const { begin } = downloads({ isStillAdmitted: () => Promise.resolve((asked += 1) < 2) });
  await expect(text((await begin()).body)).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(asked).toBe(2);
});

test('a range that the log does not have holds nothing', async () => {
  const { begin, readers } = downloads();
  await expect(begin('bytes=21-')).rejects.toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' });
  expect([readers.size, readers.room.held]).toEqual([0, 0]);
});

test('a download that is given up while it waits for room holds its place no longer', async () => {
  const { begin, readers } = downloads();
  const { body } = await begin();
  const never = new AbortController().signal;
  while (readers.room.held < 64) await readers.room.take(never);
  const instead = readers.room.take(never);
  body.resume();
  expect(await instead).not.toBeNull();
  body.destroy();
  for (let round = 0; round < 20; round += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
  expect([readers.size, body.closed]).toEqual([0, true]);
});
