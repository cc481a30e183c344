import { describe, expect, test } from '@jest/globals';
import { findUnserved, pagesMax, queuesMax, typesMax, type Asks } from './find-unserved.js';

type Job = Awaited<ReturnType<Asks['open']>>['items'][number];
type OfType = Awaited<ReturnType<Asks['ofType']>>;

let made = 0;
const job = (type: string, fields: Partial<Job> = {}): Job => ({
  ...{ id: `job-${(made += 1)}`, type, status: 'pending', total_tasks: 1, task_counts: {} },
  ...fields,
});
const lost = (type: string): Job => job(type, { waiting_reason: 'NO_WORKER' });
const held = (type: string): Job => job(type, { status: 'running', task_counts: { running: 1 } });

const ofType = (items: Job[], total = items.length, total_is_capped = false): OfType => ({
  items,
  pagination: { total, total_is_capped, next_cursor: total > items.length ? 'more' : null },
});

interface Platform {
  /** Open jobs by page, the newest first. */
  pages: Job[][];
  /** Types of which tasks wait, with the seconds; null for whoever is not told. */
  waiting: [type: string, seconds: number][] | null;
  types?: Record<string, OfType>;
  workers?: number;
}

async function found({ pages, waiting, types = {}, workers = 1 }: Platform) {
  const asked: string[] = [];
  let read = 0;
  const unserved = await findUnserved({
    open: async (cursor) => {
      const page = Number(cursor ?? 0);
      read += 1;
      return { items: pages[page] ?? [], next_cursor: page + 1 < pages.length ? `${page + 1}` : null };
    },
    fleet:
      waiting &&
      (async () => ({
        queues: waiting.map(([type, oldest_ready_s]) => ({ type, oldest_ready_s })),
        workers: { up: workers, draining: 0 },
      })),
    ofType: async (type) => {
      asked.push(type);
      return types[type] ?? ofType([]);
    },
  });
  return { ...unserved, asked, read };
}

const newer = Array.from({ length: 200 }, () => job('mail'));

test('jobs of one page are counted there, and nothing else is asked', async () => {
  const pages = [[lost('a'), job('b'), lost('c'), lost('c')]];
  expect(await found({ pages, waiting: [] })).toEqual({
    types: [
      { type: 'c', jobs: 2, isCapped: false },
      { type: 'a', jobs: 1, isCapped: false },
    ],
    ...{ isCapped: false, asked: [], read: 1 },
  });
});

describe('where open jobs are more than a page', () => {
  test('a type that nobody runs is found behind all the newer jobs of another, and counted whole', async () => {
    const types = { report: ofType([lost('report')], 1_000, true) };
    const waiting: Platform['waiting'] = [
      ['report', 9_000],
      ['mail', 3],
      ['idle', 0],
    ];
    expect(await found({ pages: [newer, [lost('report')]], waiting, types })).toEqual({
      types: [{ type: 'report', jobs: 1_000, isCapped: true }],
      ...{ isCapped: false, asked: ['report'], read: 1 },
    });
  });

  test('one that is on the page is counted beyond it, also where its oldest jobs wait for something else', async () => {
    const pages = [[...newer.slice(1), lost('report')], [lost('report')]];
    const types = { report: ofType([held('report')], 700) };
    expect(await found({ pages, waiting: [['mail', 3]], types })).toMatchObject({
      types: [{ type: 'report', jobs: 700, isCapped: false }],
      isCapped: false,
    });
  });

  test('nothing is wrong where each type that waits has a worker', async () => {
    const types = { report: ofType([job('report')], 2) };
    const waiting: Platform['waiting'] = [['report', 5]];
    expect(await found({ pages: [newer, newer], waiting, types })).toMatchObject({ types: [], isCapped: false });
  });

  test.each<[string, Omit<Platform, 'pages'>]>([
    ['more types wait than are asked for', { waiting: Array.from({ length: typesMax + 1 }, (_, at) => [`t${at}`, 9]) }],
    ['more may wait than are told of', { waiting: Array.from({ length: queuesMax }, () => ['mail', 9]) }],
    ['nobody tells of queues', { waiting: [], workers: 0 }],
    ['no job of a type that was given waits', { waiting: [['report', 9]], types: { report: ofType([held('report')], 30) } }],
  ])('there may be others where %s', async (_, given) => {
    const { types, isCapped, asked } = await found({ pages: [newer, newer], ...given });
    expect({ types, isCapped }).toEqual({ types: [], isCapped: true });
    expect(asked.length).toBeLessThanOrEqual(typesMax);
  });
});

describe('for whoever is bound to a tenant', () => {
  test('further pages are read', async () => {
    const pages = [newer, [...newer, lost('report')]];
    expect(await found({ pages, waiting: null })).toMatchObject({
      types: [{ type: 'report', jobs: 1, isCapped: false }],
      ...{ isCapped: false, asked: [], read: 2 },
    });
  });

  test('and where these are too many, there may be others', async () => {
    const pages = Array.from({ length: pagesMax + 1 }, () => newer);
    expect(await found({ pages, waiting: null })).toMatchObject({ types: [], isCapped: true, read: pagesMax });
  });
});
