import type { Readings } from '../../domain/figure-book.js';
import type { BenchBrowser, Visit } from './bench-browser.js';
import type { SeededConsole } from './seeded-console.js';

const hourMs = 3_600_000;
/** By then a page has all that it keeps for a while, and its code has been compiled. */
const warmMs = 2_700_000;
/** Steps in which its clock goes on: each has every question that is due in it asked once. */
const stepMs = 5_000;
const quietPollMs = 5;
const quietPollsMax = 400;

/** What a page holds after an hour of live updates over what it held before; its clock is turned on, and what it asks is answered. */
export async function measureLiveUpdates(browser: BenchBrowser, { running }: SeededConsole): Promise<Readings> {
  const [home, jobs, job] = await Promise.all([
    growthOf(browser, { path: '/', shows: '.tally' }),
    growthOf(browser, { path: '/jobs', shows: '.jobs-table tbody tr' }),
    growthOf(browser, { path: `/jobs/${running}`, shows: '.task-row' }),
  ]);
  return {
    console_growth_percent: Math.max(home, jobs, job),
    ...{ console_home_growth_percent: home, console_jobs_growth_percent: jobs, console_job_growth_percent: job },
  };
}

interface LivePage {
  path: string;
  shows: string;
}

async function growthOf(browser: BenchBrowser, { path, shows }: LivePage): Promise<number> {
  const visit = await browser.open();
  try {
    await visit.page.clock.install();
    await visit.page.goto(path);
    await visit.page.locator(shows).first().waitFor();
    await turnOn(visit, warmMs);
    const before = await visit.heapBytes();
    await turnOn(visit, hourMs);
    return ((await visit.heapBytes()) / before - 1) * 100;
  } finally {
    await visit.close();
  }
}

async function turnOn(visit: Visit, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await visit.page.clock.runFor(stepMs);
    for (let poll = 0; !visit.isQuiet && poll < quietPollsMax; poll += 1) {
      await new Promise((again) => setTimeout(again, quietPollMs));
    }
  }
}
