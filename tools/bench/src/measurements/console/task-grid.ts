import type { Readings } from '../../domain/figure-book.js';
import { medianOf } from '../../domain/statistics.js';
import type { BenchBrowser, Visit } from './bench-browser.js';
import { lastTaskId, type SeededConsole } from './seeded-console.js';

const row = '.task-row';

/** The tasks of a very large job: what is asked for until the first stand there, and how soon the last and those that failed do. */
export async function measureTaskGrid(browser: BenchBrowser, { job }: SeededConsole, rounds: number): Promise<Readings> {
  const seen = { requests: [] as number[], endMs: [] as number[], failedMs: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const visit = await browser.open();
    try {
      await visit.page.goto(`/jobs/${job}`);
      await visit.shownAt(row);
      const about = `/v1/jobs/${job}`;
      seen.requests.push(visit.calls.filter(({ path }) => path === about || path === `${about}/tasks`).length);
      seen.endMs.push(await lastTask(visit));
      seen.failedMs.push(await failedTask(visit));
    } finally {
      await visit.close();
    }
  }
  return {
    console_grid_requests: Math.max(...seen.requests),
    console_grid_end_ms: medianOf(seen.endMs),
    console_grid_failed_ms: medianOf(seen.failedMs),
  };
}

/** Beside the first tasks, the last ones: nobody scrolls through a million. */
function lastTask(visit: Visit): Promise<number> {
  const { page } = visit;
  return visit.untilSeen(page.locator(row).first().filter({ hasText: lastTaskId }), () =>
    page.getByRole('radiogroup', { name: 'Order of the tasks' }).getByText('From the last').click(),
  );
}

function failedTask(visit: Visit): Promise<number> {
  const { page } = visit;
  return visit.untilSeen(page.locator(row).filter({ hasText: 'smtp.550' }).nth(1), async () => {
    await page.locator('input[aria-label="Tasks by state"]').click();
    await page.getByRole('option', { name: 'dead' }).click();
  });
}
