import { describe, expect, test } from '@jest/globals';
import type { LogFilter } from '../domain/log-filter.js';
import { blockWith, runOf } from '../log-lines-of.js';
import { LogStoreInMemory } from '../log-store-in-memory.js';
import { ReadLog } from './read-log.js';

const log = '01890a5d-ac96-774b-bcce-b302099a8057';

async function reading(): Promise<ReadLog> {
  const store = new LogStoreInMemory();
  await store.add([
    blockWith(
      log,
      'a',
      [
        runOf('0.0', 1, ['alpha', { text: 'beta', stream: 'stderr', level: 'warn' }, 'gamma oi']),
        runOf('0.1', 1, [{ text: 'delta', stream: 'log', level: 'error', atMs: 500 }]),
      ],
      { last_ms: 500 },
    ),
    blockWith(log, 'b', [runOf('0.0', 2, ['alpha again', { text: '日本語', atMs: 1_000 }])], { first_ms: 0, last_ms: 1_000 }),
  ]);
  return new ReadLog(store);
}

/** All lines that are wanted, by pages of so many. */
async function textsOf(filter: LogFilter, limit = 1_000): Promise<string[]> {
  const log_ = await reading();
  const texts: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await log_.lines({ log, filter, limit, cursor });
    texts.push(...page.lines.map(({ text }) => text));
    expect(page.lines.length).toBeLessThanOrEqual(limit);
    if (page.at_end) return texts;
    cursor = page.next_cursor ?? undefined;
  }
}

const everything = ['alpha', 'beta', 'gamma oi', 'delta', 'alpha again', '日本語'];
const filters: [LogFilter, string[]][] = [
  [{}, everything],
  [{ place: '0.1' }, ['delta']],
  [{ attempt: 2 }, ['alpha again', '日本語']],
  [{ stream: 'stderr' }, ['beta']],
  [{ level: 'warn' }, ['beta', 'delta']],
  [{ sinceMs: 500 }, ['delta', '日本語']],
  [{ sinceMs: 500, untilMs: 1_000 }, ['delta']],
  [{ fromLine: 2, toLine: 2 }, ['beta', '日本語']],
  [{ text: 'alpha' }, ['alpha', 'alpha again']],
  [{ text: '本' }, ['日本語']],
  // What stands before each text is searched by nobody.
  [{ text: 'oi' }, ['gamma oi']],
  [{ text: '\t' }, []],
  [{ text: 'alpha\nbeta' }, []],
  [{ text: 'alpha', place: '0.0', attempt: 2 }, ['alpha again']],
];

describe('lines that are wanted are found', () => {
  test.each(filters)('by %j', async (filter, texts) => {
    for (const limit of [1, 2, 1_000]) expect(await textsOf(filter, limit)).toEqual(texts);
  });
});

test('a line says whose it is, when it was written and where it stands', async () => {
  const page = await (await reading()).lines({ log, filter: { text: 'delta' }, limit: 10 });
  expect(page.lines).toEqual([
    {
      ...{ at: '1970-01-01T00:00:00.500Z', task_id: `task_${log}.0.1`, attempt: 1, line: 1 },
      ...{ stream: 'log', level: 'error', text: 'delta' },
    },
  ]);
});

test.each([1, 3, 5, 6, 100])('the last %i lines are found from the end, and what follows from there on', async (last) => {
  const log_ = await reading();
  const page = await log_.lines({ log, filter: {}, limit: 10, last });
  expect(page.lines.map(({ text }) => text)).toEqual(everything.slice(-last));
  expect(await log_.lines({ log, filter: {}, limit: 10, cursor: page.next_cursor ?? '' })).toMatchObject({
    lines: [],
    at_end: true,
  });
});

test('a log that is not there is empty', async () => {
  expect(await new ReadLog(new LogStoreInMemory()).lines({ log, filter: {}, limit: 10 })).toEqual({
    lines: [],
    next_cursor: null,
    at_end: true,
  });
});

describe('a log as text', () => {
  const whole = async (filter: LogFilter = {}): Promise<string> =>
    (await (await reading()).text({ log, filter, fromByte: 0 })).text;

  test('has a line for each, and as many bytes as are told without reading it', async () => {
    const text = await whole();
    expect(text.split('\n').slice(0, 2)).toEqual([
      `1970-01-01T00:00:00.000Z task_${log}.0.0#1 stdout alpha`,
      `1970-01-01T00:00:00.000Z task_${log}.0.0#1 stderr beta`,
    ]);
    const page = await (await reading()).text({ log, filter: {}, fromByte: 0 });
    expect(page).toMatchObject({ total_bytes: Buffer.byteLength(text), skip_bytes: 0, next_cursor: null });
    const ofTask = await (await reading()).text({ log, filter: { place: '0.1' }, fromByte: 0 });
    expect(ofTask.total_bytes).toBe(Buffer.byteLength(ofTask.text));
    expect(ofTask.text).toMatch(/delta\n$/);
  });

  test('begins at any byte', async () => {
    const all = Buffer.from(await whole());
    for (let from = 0; from <= all.length; from += 1) {
      const { text, skip_bytes: skip } = await (await reading()).text({ log, filter: {}, fromByte: from });
      expect(Buffer.from(text).subarray(skip).equals(all.subarray(from))).toBe(true);
    }
  });

  test.each(['x', '\u0001', '日"'])('of very many short lines of %j, fits messages of 1 MiB, from any byte on', async (line) => {
    const store = new LogStoreInMemory();
    const runs = ['0.0', '0.1'].map((place) => runOf(place, 1, Array<string>(9_000).fill(line)));
    await store.add([blockWith(log, 'a', runs), blockWith(log, 'b', [runOf('0.0', 2, ['last'])])]);
    const long = new ReadLog(store);
    const total = (await long.text({ log, filter: {}, fromByte: 0 })).total_bytes ?? 0;
    let all = Buffer.alloc(0);
    for (const fromByte of [0, 1, 70_000, Math.floor(total / 2), total - 1, total]) {
      const parts: Buffer[] = [];
      for (let cursor: string | undefined, skip = 0; ;) {
        const page = await long.text({ log, filter: {}, fromByte, cursor });
        expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(1024 * 1024);
        if (cursor === undefined) skip = page.skip_bytes;
        parts.push(Buffer.from(page.text).subarray(skip));
        skip = 0;
        if (page.next_cursor === null) break;
        cursor = page.next_cursor;
      }
      if (fromByte === 0) all = Buffer.concat(parts);
      expect(Buffer.concat(parts).equals(all.subarray(fromByte))).toBe(true);
    }
    expect(all).toHaveLength(total);
  });
});
