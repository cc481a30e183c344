import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

/** The clicks that docs/console.md tells of each of the fifteen tasks, the first figure of its cell. */
const told = new Map(
  [...readFileSync(new URL('../../docs/console.md', import.meta.url), 'utf8').matchAll(/^\| (\d+) \|[^|]*\|[^|]*\| (\d+)/gm)].map(
    ([, task, clicks]) => [Number(task), Number(clicks)],
  ),
);

/** Of the cells of a job under way, the one of its runs beyond the first. */
const runsAgainCell = 4;

/** A reader who begins at Home, counted by the rule of docs/console.md: a click is one, a search typed is one. */
export class CountedReader {
  private clicks = 0;

  private constructor(
    private readonly page: Page,
    private readonly task: number,
  ) {}

  static async at(page: Page, task: number): Promise<CountedReader> {
    await page.goto('/');
    await page.locator('#content h1').waitFor();
    return new CountedReader(page, task);
  }

  async click(what: Locator): Promise<void> {
    this.clicks += 1;
    await what.click();
  }

  async search(text: string): Promise<void> {
    this.clicks += 1;
    await this.page.getByRole('search').locator('input').fill(text);
    await this.page.keyboard.press('Enter');
  }

  expectAsTold(): void {
    expect([this.task, this.clicks]).toEqual([this.task, told.get(this.task)]);
  }
}

/** A job that runs for long, and that was run again, is seen, held and ended from Home. */
export async function runningJobHeldAndEnded(page: Page, jobs: { held: string; ended: string }): Promise<void> {
  const dialog = page.getByRole('dialog');
  const rowOf = (id: string): Locator => page.getByRole('row').filter({ has: page.getByTitle(id) });
  const looking = await CountedReader.at(page, 9);
  await rowOf(jobs.held).getByRole('cell').nth(runsAgainCell).getByText('1', { exact: true }).waitFor();
  looking.expectAsTold();
  const holding = await CountedReader.at(page, 7);
  await holding.click(rowOf(jobs.held).getByRole('button', { name: 'Pause' }));
  await holding.click(dialog.getByRole('button', { name: 'Pause' }));
  await page.getByText('is paused.').waitFor();
  holding.expectAsTold();
  const ending = await CountedReader.at(page, 11);
  await ending.click(rowOf(jobs.ended).getByRole('button', { name: 'Cancel' }));
  await ending.click(dialog.getByRole('button', { name: 'Cancel' }));
  await page.getByText('is being cancelled.').waitFor();
  ending.expectAsTold();
}

/** Jobs are found, deleted by kind, and all that failed are retried, from Home. */
export async function jobsFoundDeletedAndRetried(page: Page, kind: string, failed: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  const finding = await CountedReader.at(page, 1);
  await finding.search(`${kind} error:test.fatal`);
  await page.waitForURL('**/jobs?q=*');
  await page.getByTitle(failed).waitFor();
  finding.expectAsTold();
  const retrying = await CountedReader.at(page, 5);
  await retrying.click(page.getByRole('button', { name: 'Retry all' }));
  await retrying.click(dialog.getByRole('button', { name: 'Retry' }));
  await dialog.getByText(/^[1-9]\d* done, \d+ left as they were, 0 refused$/).waitFor();
  retrying.expectAsTold();
  const deleting = await CountedReader.at(page, 14);
  await deleting.search(`${kind} status:failed`);
  await deleting.click(page.getByRole('button', { name: 'Delete all' }));
  const label = await dialog.getByText(/^Type \d+ to confirm$/).innerText();
  await dialog.getByLabel(label).fill(/\d+/.exec(label)?.[0] ?? '');
  await deleting.click(dialog.getByRole('button', { name: 'Delete' }));
  await dialog.getByText(/^[1-9]\d* done, 0 left as they were, 0 refused$/).waitFor();
  deleting.expectAsTold();
}
