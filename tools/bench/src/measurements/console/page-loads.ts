import type { JobHistoryPage } from '@kintsugi/contracts';
import type { Response } from 'playwright-core';
import type { Readings } from '../../domain/figure-book.js';
import { medianOf } from '../../domain/statistics.js';
import type { BenchBrowser, Call } from './bench-browser.js';
import type { SeededConsole } from './seeded-console.js';

interface PageLoad {
  path: string;
  /** What stands there once it can be read. */
  shows: string;
}

/** Every page, by the figure of what it takes; those without one of their own are told by the slowest of them. */
function pagesOf({ job, group }: SeededConsole): Record<string, PageLoad[]> {
  const others = ['logs', 'workers', 'schedules', 'pools', 'webhooks', 'policies', 'alerts', 'audit', 'keys', 'settings'];
  return {
    console_home_ms: [{ path: '/', shows: '.tally' }],
    console_jobs_ms: [{ path: '/jobs', shows: '.jobs-table tbody tr' }],
    console_job_ms: [{ path: `/jobs/${job}`, shows: '.task-row' }],
    console_failures_ms: [{ path: '/failures', shows: 'tbody a' }],
    console_group_ms: [{ path: `/failures/${group}`, shows: '.copyable' }],
    console_other_pages_ms: [...others, 'platform'].map((page) => ({ path: `/${page}`, shows: '#content h1' })),
  };
}

const searches = ['type:audit.export', 'status:failed', 'label:customer=customer-77', 'user:user-7', 'group-4999', 'since:1h'];
const listed = '.jobs-table tbody tr';

/** From the address to what it shows, with an empty cache. */
export async function measurePageLoads(browser: BenchBrowser, seeded: SeededConsole, rounds: number): Promise<Readings> {
  const readings: Readings = {};
  const slowest = { shownMs: 0, paintMs: 0, call: { path: '', tookMs: 0 } };
  for (const [name, pages] of Object.entries(pagesOf(seeded))) {
    const shown: number[] = [];
    for (const page of pages) {
      const loads: { shownMs: number; paintMs: number; calls: Call[] }[] = [];
      for (let round = 0; round < rounds; round += 1) loads.push(await load(browser, page));
      shown.push(medianOf(loads.map(({ shownMs }) => shownMs)));
      slowest.paintMs = Math.max(slowest.paintMs, medianOf(loads.map(({ paintMs }) => paintMs)));
      slowest.call = slowestOf([slowest.call, ...loads.flatMap(({ calls }) => calls)]);
    }
    readings[name as keyof Readings] = Math.max(...shown);
  }
  return {
    console_shown_ms: Math.max(...Object.values(readings)),
    ...readings,
    console_paint_ms: slowest.paintMs,
    console_call_ms: slowest.call.tookMs,
    console_search_ms: await slowestSearch(browser, rounds),
  };
}

async function load(browser: BenchBrowser, { path, shows }: PageLoad) {
  const visit = await browser.open();
  try {
    await visit.page.goto(path, { waitUntil: 'commit' });
    const shownMs = await visit.shownAt(shows);
    const paintMs = await visit.page.evaluate<number>(
      `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0`,
    );
    return { shownMs, paintMs, calls: visit.calls };
  } finally {
    await visit.close();
  }
}

/** From the key that asks for a search to its jobs. */
async function slowestSearch(browser: BenchBrowser, rounds: number): Promise<number> {
  const visit = await browser.open();
  const times: number[] = [];
  try {
    for (const search of searches) {
      const took: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        await visit.page.goto('/jobs');
        await visit.shownAt(listed);
        await visit.page.getByRole('search').locator('input').fill(search);
        const answer = visit.page.waitForResponse(isOfSearch);
        took.push(
          await visit.until(async () => {
            await visit.page.keyboard.press('Enter');
            const { items } = (await (await answer).json()) as JobHistoryPage;
            return endOf(items, search);
          }),
        );
      }
      times.push(medianOf(took));
    }
  } finally {
    await visit.close();
  }
  return Math.max(...times);
}

/** The end of a list of these jobs, and of no other: the rows from before stand there until those of the answer are drawn. */
function endOf(jobs: JobHistoryPage['items'], search: string): string {
  const last = jobs.at(-1);
  if (!last) throw new Error(`The search ${search} finds no job.`);
  return `${listed}:nth-child(${jobs.length}):last-child a[title="${last.id}"]`;
}

/** The list without a search is asked for again meanwhile. */
function isOfSearch(response: Response): boolean {
  return response.url().endsWith('/job-operations') && !response.request().postData()?.includes('"filters":{}');
}

function slowestOf(calls: readonly Call[]): Call {
  return calls.reduce((slow, call) => (call.tookMs > slow.tookMs ? call : slow));
}
