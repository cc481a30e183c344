import type { Readings } from '../../domain/figure-book.js';
import { percentilesOf } from '../percentiles.js';
import type { BenchBrowser, Visit } from './bench-browser.js';
import type { SeededConsole } from './seeded-console.js';

const typed = 'status:failed type:mail customer';
const listedJobs = '.jobs-table tbody tr';
const listedTasks = '.task-row';
const listedGroups = 'tbody a';
const pageDowns = 10;

const kinds = ['typing', 'filter', 'tab', 'keys'] as const;

type Note = (kind: (typeof kinds)[number], act: () => Promise<unknown>) => Promise<void>;

/** From a key or a click to the picture that follows it, on pages with much behind them. */
export async function measureInteractions(browser: BenchBrowser, { job }: SeededConsole, rounds: number): Promise<Readings> {
  const visit = await browser.open();
  const times = new Map(kinds.map((kind) => [kind, [] as number[]]));
  const note: Note = async (kind, act) => void times.get(kind)?.push(await visit.interaction(act));
  try {
    for (let round = 0; round < rounds; round += 1) {
      await onJobs(visit, note);
      await onFailures(visit, note);
      await onJob(visit, job, note);
    }
  } finally {
    await visit.close();
  }
  const [typing = 0, filter = 0, tab = 0, keys = 0] = kinds.map((kind) => percentilesOf(times.get(kind) ?? []).p99Ms);
  return {
    console_interaction_ms: Math.max(typing, filter, tab, keys),
    ...{ console_typing_ms: typing, console_filter_ms: filter, console_tab_ms: tab, console_keys_ms: keys },
  };
}

async function onJobs(visit: Visit, note: Note): Promise<void> {
  const { page } = visit;
  await page.goto('/jobs');
  await visit.shownAt(listedJobs);
  await note('keys', () => page.keyboard.press('/'));
  for (const letter of typed) await note('typing', () => page.keyboard.type(letter));
  await page.goto('/jobs');
  await visit.shownAt(listedJobs);
  for (const chip of ['failed', 'completed']) {
    await note('filter', () => page.locator('label').filter({ hasText: chip }).first().click());
    await visit.shownAt(listedJobs);
  }
  await note('keys', () => page.keyboard.press('Control+k'));
}

async function onFailures(visit: Visit, note: Note): Promise<void> {
  const { page } = visit;
  await page.goto('/failures');
  await visit.shownAt(listedGroups);
  for (const tab of ['resolved', 'All', 'open']) {
    await note('tab', () => page.getByRole('radiogroup', { name: 'Groups by state' }).getByText(tab, { exact: true }).click());
    await visit.shownAt('#content h1');
  }
}

async function onJob(visit: Visit, job: string, note: Note): Promise<void> {
  const { page } = visit;
  await page.goto(`/jobs/${job}`);
  await visit.shownAt(listedTasks);
  await page.locator('.tasks').focus();
  for (let press = 0; press < pageDowns; press += 1) await note('keys', () => page.keyboard.press('PageDown'));
  await page.locator('.tasks button').first().focus();
  for (let press = 0; press < pageDowns; press += 1) await note('keys', () => page.keyboard.press('Tab'));
  await note('filter', () => page.locator('input[aria-label="Tasks by state"]').click());
}
