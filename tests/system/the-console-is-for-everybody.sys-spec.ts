// In the console of a real browser a viewer changes nothing, what jobs carry is only text, and everybody can read it and find around.
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { runCommand } from '../command-line.js';
import { faultsOfAccess, signIn } from './console-browser.js';
import { priorityRefused } from './console-journeys.js';
import { ConsoleUnderTest, expectClean, isMissing, testInBrowser } from './console-under-test.js';

let under: ConsoleUnderTest;

beforeAll(async () => {
  if (!isMissing) under = await ConsoleUnderTest.start();
});

afterAll(() => under?.stop());

/** A policy with two versions, rules and conditions. */
async function policySet(errorType: string): Promise<void> {
  const when = [{ field: 'error_message', operator: 'contains', value: 'mailbox' }];
  for (const max_attempts of [3, 9]) {
    const config = {
      ...{ error_type: errorType, max_attempts, initial_delay: 5, max_delay: 60, backoff_factor: 2 },
      ...{ retry_conditions: when, rules: [{ when, action: 'quarantine', reason: 'somebody looks at it' }] },
    };
    await under.ask('POST', '/error-operations', { action: 'configureRetry', data: { error_type: errorType, config } });
  }
}

testInBrowser('a viewer sees it all and is offered no change, nor let make one', async () => {
  const failed = await under.submit({ type: 'test.echo', labels: { team: 'green' }, tasks: [{ payload: { fatal: 'gone' } }] });
  await under.reached(failed, 'failed');
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto(`/jobs/${failed}`);
  await signIn(visit, await under.keyOf('watcher', 'viewer'));
  await page.getByText('Your key has the role viewer').waitFor();
  await page.getByText('gone').first().waitFor();
  expect(await page.getByRole('button', { name: /^(Retry|Delete|Pause|Cancel)$/ }).count()).toBe(0);
  expect(await page.getByRole('link', { name: /^(Audit|API keys|Settings)$/ }).count()).toBe(0);
  await priorityRefused(page, 'it takes the role operator');
  await policySet('seen.*');
  await page.goto('/policies/seen.*');
  await page.getByText('Your key has the role viewer').waitFor();
  await page.getByRole('link', { name: 'version 2', exact: true }).waitFor();
  await page.getByText('./kintsugi policy diff', { exact: false }).waitFor();
  expect(await page.getByRole('button', { name: /^(Revert|Unset)$/ }).count()).toBe(0);
  const status = await page.evaluate<number>(
    `fetch('/retry/${failed}', { method: 'POST', headers: { 'x-kintsugi-console': '1' } }).then((response) => response.status)`,
  );
  expect(status).toBe(403);
  expect(await page.evaluate('document.cookie')).toBe('');
  const { code } = await runCommand(['keys', 'revoke', 'watcher', '--home', under.folder.path]);
  expect(code).toBe(0);
  await page.getByRole('heading', { name: 'Sign in to Kintsugi' }).waitFor();
  expectClean(visit);
  await visit.context.close();
});

describe('whatever a job carries', () => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>{{7*7}}';

  /** Their names are of letters and digits; a schedule has a job and a webhook an address, which can hold anything. */
  async function madeByOthers(): Promise<void> {
    const job = { type: 'test.echo', product_id: evil, sending_group_id: 'readers', tasks: [{ payload: { [evil]: evil } }] };
    await under.ask('POST', '/job-operations', { action: 'createSchedule', data: { name: 'evil', every_s: 31_536_000, job } });
    const url = 'https://hooks.example.com/<img/src=x/onerror=alert(1)>';
    await under.ask('POST', '/job-operations', {
      action: 'createWebhook',
      data: { name: 'evil', url, events: ['schedule.missed'] },
    });
  }

  testInBrowser('is shown as text, on every page that shows it', async () => {
    const id = await under.submit({
      ...{ type: 'test.echo', product_id: evil, sending_group_id: evil, user_id: evil.slice(0, 60), labels: { evil } },
      tasks: [{ id: '<img/src=x/onerror=alert(1)>', payload: { fatal: evil, [evil]: evil } }],
    });
    await under.reached(id, 'failed');
    const groupId = await eventually(async () => {
      const { items } = await under.ask<{ items: { id: string; title: string }[] }>('GET', '/v1/groups');
      const group = items.find(({ title }) => title.includes('onerror'));
      expect(group).toBeDefined();
      return group!.id;
    });
    await under.ask('POST', '/error-operations', {
      action: 'updateGroup',
      data: { group_id: groupId, note: evil, assignee: evil },
    });
    const done = await under.submit({
      type: 'test.echo',
      tasks: [{ payload: { text: JSON.stringify({ [evil]: evil }), says: evil } }],
    });
    await under.reached(done, 'completed');
    await madeByOthers();
    const visit = await under.browser.visit(under.url);
    const { page } = visit;
    await page.goto(`/jobs/${id}`);
    await signIn(visit, under.adminKey);
    await page.locator('.task-row').click();
    await page.getByRole('dialog').getByText('onerror').first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    await page.goto(`/jobs/${done}`);
    await page.locator('.task-row').click();
    await page.getByRole('dialog').locator('figure').filter({ hasText: 'Result' }).getByText('onerror').waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    for (const path of [
      '/',
      `/logs/${done}`,
      '/schedules/evil',
      '/webhooks',
      '/webhooks/evil',
      `/jobs?q=${encodeURIComponent('colour:<img/src=x/onerror=alert(1)>')}`,
      '/failures',
      `/failures/${groupId}`,
    ]) {
      await page.goto(path);
      await page.locator('#content').getByText('onerror').first().waitFor();
      expect([path, await page.locator('img[src="x"]').count()]).toEqual([path, 0]);
    }
    expectClean(visit);
    await visit.context.close();
  });
});

testInBrowser('every page stands up to axe, in both themes and both languages, on a telephone too', async () => {
  const failed = await under.submit({ type: 'test.echo', labels: { team: 'axe' }, tasks: [{ payload: { fatal: 'axe' } }] });
  await under.reached(failed, 'failed');
  await policySet('axe.*');
  const pages = ['/', '/jobs', `/jobs/${failed}`, '/failures', '/logs', `/logs/${failed}`, '/workers', '/schedules'];
  const { items } = await under.ask<{ items: { id: string }[] }>('GET', '/v1/groups');
  pages.push(
    '/pools',
    '/webhooks',
    '/policies',
    '/policies/*',
    '/policies/axe.*',
    '/platform',
    '/alerts',
    '/audit',
    '/keys',
    '/settings',
    `/failures/${items[0]!.id}`,
  );
  const found: [string, string[]][] = [];
  for (const [scheme, locale, width] of [
    ['light', 'en-GB', 1280],
    ['dark', 'ja-JP', 360],
  ] as const) {
    const visit = await under.browser.visit(under.url, { locale, width });
    const { page } = visit;
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto('/');
    found.push([`${scheme} sign-in`, await faultsOfAccess(page)]);
    await page.locator('input').first().fill(under.adminKey);
    await page.keyboard.press('Enter');
    await page.locator('#content h1').waitFor();
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

testInBrowser('a page goes on by itself once the gateway is back, with the session that it had', async () => {
  const waiting = await under.submit({ type: 'nobody.runs.that', tasks: [{}] });
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto(`/jobs/${waiting}`);
  await signIn(visit, under.adminKey);
  await page.getByText('Why it waits').waitFor();
  const killed = under.platform.pids('gateway');
  for (const pid of killed) process.kill(pid, 'SIGKILL');
  await eventually(() => under.ask('POST', '/job-operations', { action: 'cancelJob', data: { job_id: waiting } }));
  expect(under.platform.pids('gateway')).not.toEqual(killed);
  await page.locator('h1').getByText('cancelled').waitFor();
  expect(await page.getByRole('heading', { name: 'Sign in to Kintsugi' }).count()).toBe(0);
  expectClean(visit);
  await visit.context.close();
});

testInBrowser('the chart of a job that runs stays the one that it is while its values change', async () => {
  under.sink.verdict = () => ({ wait_ms: 200 });
  const tasks = Array.from({ length: 1_000 }, () => ({}));
  const running = await under.submit({ type: 'test.deliver', max_parallel_tasks: 1, tasks });
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto(`/jobs/${running}`);
  await signIn(visit, under.adminKey);
  await page.locator('.usage .chart canvas').first().waitFor();
  await page.evaluate(`document.querySelectorAll('.chart canvas').forEach((canvas) => (canvas.dataset.isFirst = 'true'))`);
  const first = page.locator('.usage .chart canvas[data-is-first]');
  const count = await first.count();
  const shown = () => page.locator('.usage').allTextContents();
  const before = await shown();
  await eventually(async () => expect(await shown()).not.toEqual(before));
  // There may be more by now: of what was not measured before.
  expect(await first.count()).toBe(count);
  await under.ask('POST', '/job-operations', { action: 'cancelJob', data: { job_id: running } });
  under.sink.verdict = () => ({});
  expectClean(visit);
  await visit.context.close();
});

testInBrowser('what cannot be had is told at once, and not only when it has been asked for again', async () => {
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto('/');
  await signIn(visit, under.adminKey);
  await page.getByRole('navigation').waitFor();
  let asked = 0;
  await page.route('**/pool-operations', async (route) => {
    asked += 1;
    // The second question is never answered.
    if (asked > 1) return;
    const json = { code: 'SERVICE_UNAVAILABLE', detail: 'No pool agent is there.' };
    await route.fulfill({ status: 503, json });
  });
  await page.goto('/pools');
  await page.getByRole('alert').getByText('No pool agent is there.').waitFor();
  await page.getByText('It is being asked for again.').waitFor();
  await visit.context.close();
});

testInBrowser('the keyboard alone leads anywhere', async () => {
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto('/');
  await page.locator('input').fill(under.adminKey);
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
  await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('status:failed');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/jobs?q=status%3Afailed');
  await page.keyboard.press('Control+k');
  // The dialog opens before its field has the keyboard.
  await page.getByRole('dialog').locator('input:focus').waitFor();
  await page.keyboard.type('Plat');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/platform');
  expectClean(visit);
  await visit.context.close();
});
