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

/** Jobs and causes that stand on Home for those who look for them. */
export interface Wanted {
  /** Of several tasks, some of which have failed over one cause. */
  broken: string;
  cause: string;
  /** Some of its tasks wait to be tried again. */
  retrying: string;
  /** Nobody runs it. */
  unserved: string;
}

/** A cause is opened, an error's rule and another one are held against each other, and what failed over it is run again. */
export async function causeReadAndRecovered(page: Page, { broken, cause }: Wanted): Promise<void> {
  const dialog = page.getByRole('dialog');
  const reading = await CountedReader.at(page, 15);
  await reading.click(page.getByTitle(broken).first());
  await page.getByRole('region', { name: 'Failures by cause' }).getByText(cause).waitFor();
  await page.locator('input[aria-label="Tasks by state"]').waitFor();
  reading.expectAsTold();
  const trying = await CountedReader.at(page, 4);
  await trying.click(page.getByRole('link', { name: cause }));
  await page.getByText('With the policy tried').first().waitFor();
  trying.expectAsTold();
  const again = await CountedReader.at(page, 6);
  await again.click(page.getByTitle(broken).first());
  await again.click(page.getByRole('button', { name: 'Run a part again' }));
  await dialog.getByLabel('Laid over the payloads').fill('{"text": "{}", "fatal": ""}');
  await again.click(dialog.getByRole('button', { name: /^Run \d+ tasks again$/ }));
  await page.waitForURL((url) => url.pathname.startsWith('/jobs/job_') && !url.pathname.endsWith(broken));
  again.expectAsTold();
  const recovering = await CountedReader.at(page, 2);
  await recovering.click(page.getByRole('link', { name: cause }));
  await recovering.click(page.getByRole('button', { name: 'Recover', exact: true }));
  await recovering.click(dialog.getByRole('button', { name: 'Recover', exact: true }));
  await page.getByText(/^\d+ run again, 0 were left as they are\.$/).waitFor();
  recovering.expectAsTold();
}

/** What is silently tried again is seen, and why a job does not go on. */
export async function waitsSeen(page: Page, { retrying, unserved }: Wanted): Promise<void> {
  const seeing = await CountedReader.at(page, 3);
  await seeing.click(page.locator('.tally').filter({ hasText: 'running' }));
  const row = page.getByRole('row').filter({ has: page.getByTitle(retrying) });
  await row.getByText('wait for a retry').waitFor();
  seeing.expectAsTold();
  const asking = await CountedReader.at(page, 8);
  await asking.click(page.locator('.tally').filter({ hasText: 'pending' }));
  await asking.click(page.getByTitle(unserved));
  await page.getByText('Why it waits').waitFor();
  asking.expectAsTold();
}

/** Home says that something is wrong, the audit who has had what changed, and the cause of lost workers which tasks they had. */
export async function wrongsTold(page: Page): Promise<void> {
  const looking = await CountedReader.at(page, 12);
  await page.getByRole('status').getByText('causes of failures').first().waitFor();
  looking.expectAsTold();
  const auditing = await CountedReader.at(page, 13);
  await auditing.click(page.getByRole('link', { name: 'Audit' }));
  await page.getByRole('button', { name: 'createJob' }).first().waitFor();
  auditing.expectAsTold();
  const finding = await CountedReader.at(page, 10);
  const row = page.getByRole('row').filter({ hasText: 'worker.lost' });
  await finding.click(row.getByRole('link').first());
  await page.getByText('worker.lost: ').first().waitFor();
  finding.expectAsTold();
}
