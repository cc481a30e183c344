// In the console of a real browser an operator sees what is wrong and repairs it, a viewer changes nothing, and what jobs carry is only text.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BatchJob, JobReceipt } from '@kintsugi/contracts';
import { startPlatform, type Platform } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually } from '@kintsugi/testing';
import { provideChromium } from '../../tools/setup/fetch/chromium.mjs';
import { runCommand } from '../command-line.js';
import { ConsoleBrowser, faultsOfAccess, signIn, type Visit } from './console-browser.js';
import { conditionThroughItsLife, groupRecoveredCarefully, keyThroughItsLife, triedPolicySet } from './console-journeys.js';
import { Sink } from './sink.js';

const missing = await provideChromium().then(
  () => null,
  (error: Error) => `Chromium cannot be had here: ${error.message.split('\n')[0] ?? ''}`,
);
if (missing) process.stderr.write(`${missing}\n`);
// eslint-disable-next-line no-restricted-syntax -- where no browser can be had, the line above says why
const testInBrowser = missing === null ? test : test.skip;

const sink = new Sink();
const folder = createTemporaryFolder('console');
let platform: Platform;
let browser: ConsoleBrowser;
let adminKey = '';
let viewerKey = '';

beforeAll(async () => {
  if (missing) return;
  const sinkUrl = await sink.start();
  platform = await startPlatform({
    home: folder.path,
    settings: { AUTH: 'on', WORKERS: 1, WORKER_PROGRAM: ['tests/system/workers/sink-worker.mjs'] },
    environment: { ...process.env, NODE_OPTIONS: '', TEST_SINK_URL: sinkUrl, RETRY_WAIT_SECONDS: '1' },
    onEvent: (event) => {
      if (event.kind === 'admin_key') adminKey = event.key;
    },
  });
  const made = await runCommand(['keys', 'create', 'watcher', '--role', 'viewer', '--json', '--home', folder.path]);
  viewerKey = (JSON.parse(made.stdout) as { key: string }).key;
  browser = await ConsoleBrowser.start();
});

afterAll(async () => {
  if (missing === null) {
    await browser.stop();
    await platform.stop();
    await sink.stop();
  }
  await folder.remove();
});

async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(new URL(path, platform.urls.api), {
    method,
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}

async function submit(job: Record<string, unknown>): Promise<string> {
  const data = { product_id: 'shop', sending_group_id: 'readers', ...job };
  return (await ask<JobReceipt>('POST', '/job-operations', { action: 'createJob', data })).job_id;
}

const jobOf = (id: string) => ask<BatchJob>('GET', `/v1/jobs/${id}`);

async function reached(id: string, status: string): Promise<BatchJob> {
  return eventually(async () => {
    const job = await jobOf(id);
    expect(job.status).toBe(status);
    return job;
  });
}

/** Nothing was asked of another host, and nothing was thrown or refused. */
function expectClean({ foreign, faults }: Visit): void {
  expect({ foreign, faults }).toEqual({ foreign: [], faults: [] });
}

testInBrowser('an operator signs in, finds the failed job, retries it, and holds and cancels another', async () => {
  const failed = await submit({
    type: 'test.echo',
    labels: { team: 'blue' },
    tasks: [{ id: 'one', payload: { fatal: 'no such letter' } }],
  });
  await reached(failed, 'failed');
  const visit = await browser.visit(platform.urls.api);
  const { page } = visit;
  await page.goto('/jobs?q=label%3Ateam%3Dblue');
  await signIn(visit, adminKey);
  const row = page.getByRole('row').filter({ has: page.getByTitle(failed) });
  await row.getByRole('button', { name: 'Retry' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`./kintsugi retry ${failed}`).waitFor();
  await dialog.getByRole('button', { name: 'Retry' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/jobs/job_') && !url.pathname.endsWith(failed));
  const retried = new URL(page.url()).pathname.slice('/jobs/'.length);
  expect(await jobOf(retried)).toMatchObject({ original_job_id: failed, retry_count: 1 });
  await page.getByText('What the platform did, and why').waitFor();
  await page.getByText('no such letter').first().waitFor();

  await page.goto(`/jobs/${failed}`);
  await page.getByRole('button', { name: 'Run a part again' }).click();
  await page.getByRole('dialog').getByText('chosen', { exact: true }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Run 1 tasks again' }).click();
  await page.waitForURL((url) => ![failed, retried].some((id) => url.pathname.endsWith(id)));
  expect(await jobOf(new URL(page.url()).pathname.slice('/jobs/'.length))).toMatchObject({ original_job_id: failed });

  const unserved = await submit({ type: 'nobody.runs', tasks: [{}] });
  await page.goto('/');
  await page.getByText('No worker runs the type nobody.runs').waitFor();
  await page.goto(`/jobs/${unserved}`);
  await page.getByText('Why it waits').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
  await reached(unserved, 'paused');
  await page.getByRole('button', { name: 'Resume' }).waitFor();

  await page.goto('/jobs?q=type%3Anobody.runs');
  await page.getByRole('button', { name: 'All of these' }).click();
  await page.getByRole('menuitem', { name: 'Cancel' }).click();
  await page.getByText('Jobs that this is about: 1').waitFor();
  await page.getByLabel('Type 1 to confirm').fill('1');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('1 done, 0 left as they were, 0 refused').waitFor();
  await reached(unserved, 'cancelled');
  expectClean(visit);
  await visit.context.close();
});

testInBrowser(
  'who is on call follows an alert, recovers its group a few first, and keeps what is known from telling again',
  async () => {
    const failed = await submit({ type: 'test.echo', tasks: [{ payload: { fatal: 'no such mailbox' } }] });
    await reached(failed, 'failed');
    const visit = await browser.visit(platform.urls.api);
    const { page } = visit;
    await page.goto('/alerts');
    await signIn(visit, adminKey);
    await conditionThroughItsLife(page);
    await groupRecoveredCarefully(page, 'no such mailbox');
    await triedPolicySet(page);
    expectClean(visit);
    await visit.context.close();
  },
);

testInBrowser('an admin makes a key that is shown once, ends it, and sees in the audit who had what changed', async () => {
  const held = await submit({ type: 'nobody.runs.this', tasks: [{}] });
  await ask('POST', '/job-operations', { action: 'pauseJob', data: { job_id: held } });
  const visit = await browser.visit(platform.urls.api);
  const { page } = visit;
  const dialog = page.getByRole('dialog');
  await page.goto('/keys');
  await signIn(visit, adminKey);
  await keyThroughItsLife(page, async (key) => {
    const headers = { authorization: `Bearer ${key}` };
    return (await fetch(new URL('/v1/jobs', platform.urls.api), { headers })).ok;
  });
  await page.goto(`/audit?subject=${held}&action=pauseJob`);
  await page.getByText('status pending → paused').waitFor();
  await page.getByText(`./kintsugi audit list --action pauseJob --subject ${held}`, { exact: false }).waitFor();
  await page.getByRole('button', { name: 'pauseJob' }).click();
  await dialog.getByRole('row').filter({ hasText: 'status' }).getByText('pending').waitFor();
  expectClean(visit);
  await visit.context.close();
});

testInBrowser('a viewer sees it all and is offered no change, nor let make one', async () => {
  const failed = await submit({ type: 'test.echo', labels: { team: 'green' }, tasks: [{ payload: { fatal: 'gone' } }] });
  await reached(failed, 'failed');
  const visit = await browser.visit(platform.urls.api);
  const { page } = visit;
  await page.goto(`/jobs/${failed}`);
  await signIn(visit, viewerKey);
  await page.getByText('Your key has the role viewer').waitFor();
  await page.getByText('gone').first().waitFor();
  expect(await page.getByRole('button', { name: /^(Retry|Delete|Pause|Cancel)$/ }).count()).toBe(0);
  expect(await page.getByRole('link', { name: /^(Audit|API keys)$/ }).count()).toBe(0);
  const status = await page.evaluate<number>(
    `fetch('/retry/${failed}', { method: 'POST', headers: { 'x-kintsugi-console': '1' } }).then((response) => response.status)`,
  );
  expect(status).toBe(403);
  expect(await page.evaluate('document.cookie')).toBe('');
  const { code } = await runCommand(['keys', 'revoke', 'watcher', '--home', folder.path]);
  expect(code).toBe(0);
  await page.getByRole('heading', { name: 'Sign in to Kintsugi' }).waitFor();
  expectClean(visit);
  await visit.context.close();
});

describe('whatever a job carries', () => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}';

  testInBrowser('is shown as text, on every page that shows it', async () => {
    const id = await submit({
      ...{ type: 'test.echo', product_id: evil, sending_group_id: evil, user_id: evil.slice(0, 60), labels: { evil } },
      tasks: [{ id: '<img/src=x/onerror=alert(1)>', payload: { fatal: evil, [evil]: evil } }],
    });
    await reached(id, 'failed');
    const groupId = await eventually(async () => {
      const { items } = await ask<{ items: { id: string; title: string }[] }>('GET', '/v1/groups');
      const group = items.find(({ title }) => title.includes('onerror'));
      expect(group).toBeDefined();
      return group!.id;
    });
    await ask('POST', '/error-operations', { action: 'updateGroup', data: { group_id: groupId, note: evil, assignee: evil } });
    const visit = await browser.visit(platform.urls.api);
    const { page } = visit;
    await page.goto(`/jobs/${id}`);
    await signIn(visit, adminKey);
    await page.locator('.task-row').click();
    await page.getByRole('dialog').getByText('onerror').first().waitFor();
    await page.keyboard.press('Escape');
    for (const path of [
      '/',
      `/jobs?q=${encodeURIComponent('colour:<img/src=x/onerror=alert(1)>')}`,
      '/failures',
      `/failures/${groupId}`,
    ]) {
      await page.goto(path);
      await page.locator('#content').getByText('onerror').first().waitFor();
    }
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expectClean(visit);
    await visit.context.close();
  });
});

testInBrowser('every page stands up to axe, in both themes and both languages, on a telephone too', async () => {
  const failed = await submit({ type: 'test.echo', labels: { team: 'axe' }, tasks: [{ payload: { fatal: 'axe' } }] });
  await reached(failed, 'failed');
  const pages = ['/', '/jobs', `/jobs/${failed}`, '/failures', '/logs', `/logs/${failed}`, '/workers', '/schedules'];
  const { items } = await ask<{ items: { id: string }[] }>('GET', '/v1/groups');
  pages.push('/pools', '/webhooks', '/policies', '/platform', '/alerts', '/audit', '/keys', `/failures/${items[0]!.id}`);
  const found: [string, string[]][] = [];
  for (const [scheme, locale, width] of [
    ['light', 'en-GB', 1280],
    ['dark', 'ja-JP', 360],
  ] as const) {
    const visit = await browser.visit(platform.urls.api, { locale, width });
    const { page } = visit;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto('/');
    found.push([`${scheme} sign-in`, await faultsOfAccess(page)]);
    await page.locator('input').first().fill(adminKey);
    await page.keyboard.press('Enter');
    for (const path of pages) {
      await page.goto(path);
      await page.locator('#content h1').waitFor();
      await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' });
      found.push([`${scheme} ${path}`, await faultsOfAccess(page)]);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect([path, width, overflow <= 0]).toEqual([path, width, true]);
    }
    expectClean(visit);
    await visit.context.close();
  }
  expect(found.filter(([, faults]) => faults.length > 0)).toEqual([]);
});

testInBrowser('the keyboard alone leads anywhere', async () => {
  const visit = await browser.visit(platform.urls.api);
  const { page } = visit;
  await page.goto('/');
  await page.locator('input').fill(adminKey);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Show these keys').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.waitForURL('**/failures');
  await page.keyboard.press('g');
  await page.keyboard.press('j');
  await page.waitForURL('**/jobs');
  await page.locator('input[type="search"]').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('status:failed');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/jobs?q=status%3Afailed');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Plat');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/platform');
  expectClean(visit);
  await visit.context.close();
});
