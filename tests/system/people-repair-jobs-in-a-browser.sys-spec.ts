// In the console of a real browser a producer sees what came of a job, an operator sees what is wrong and repairs it, and an admin rules
// over keys, recoveries and settings.
import { afterAll, beforeAll, expect } from '@jest/globals';
import { createClient } from '@kintsugi/client';
import { signIn } from './console-browser.js';
import {
  causeReadAndRecovered,
  jobsFoundDeletedAndRetried,
  runningJobHeldAndEnded,
  waitsSeen,
  wrongsTold,
} from './console-clicks.js';
import {
  conditionThroughItsLife,
  groupRecoveredCarefully,
  incidentSeen,
  keyThroughItsLife,
  recoveryApproved,
  settingsInForce,
  silencesPaged,
  triedPolicySet,
} from './console-journeys.js';
import { ConsoleUnderTest, expectClean, isMissing, testInBrowser } from './console-under-test.js';

let under: ConsoleUnderTest;

beforeAll(async () => {
  if (!isMissing) under = await ConsoleUnderTest.start();
});

afterAll(() => under?.stop());

testInBrowser('a producer submits a job by the client, and sees the result of its task at the address of the job', async () => {
  const client = createClient({ baseUrl: under.url, apiKey: under.adminKey });
  const { job_id: id } = await client.createJob({
    ...{ type: 'test.echo', product_id: 'shop', sending_group_id: 'readers' },
    tasks: [{ id: 'letter', payload: { text: '{"sent_as":"postcard"}' } }],
  });
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto(`/jobs/${id}`);
  await signIn(visit, await under.keyOf('producer', 'viewer'));
  await page.locator('h1').getByText('completed').waitFor();
  await page.locator('.task-row').filter({ hasText: 'letter' }).click();
  const result = page.getByRole('dialog').locator('figure').filter({ hasText: 'Result' });
  await result.getByText('"sent_as": "postcard"').waitFor();
  const stepped = await under.submit({
    type: 'test.steps',
    tasks: [
      { id: 'before', payload: { to: 'ann' } },
      { id: 'behind', payload: { to: 'bob' }, depends_on: ['before'] },
    ],
  });
  await under.reached(stepped, 'completed');
  await page.goto(`/jobs/${stepped}`);
  await page.locator('.task-row').filter({ hasText: 'behind' }).click();
  await page.getByRole('dialog').locator('dt:text-is("Goes after") + dd').getByText('before').waitFor();
  const last = page.getByRole('region', { name: 'Steps that are kept' }).locator('figure').filter({ hasText: '2. last (run 1,' });
  await last.getByText('"to": "bob"').waitFor();
  expectClean(visit);
  await visit.context.close();
});

testInBrowser('an operator signs in, finds the failed job, retries it, and holds and cancels another', async () => {
  const failed = await under.submit({
    type: 'test.echo',
    labels: { team: 'blue' },
    tasks: [{ id: 'one', payload: { fatal: 'no such letter' } }],
  });
  await under.reached(failed, 'failed');
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto('/jobs?q=label%3Ateam%3Dblue');
  await signIn(visit, under.adminKey);
  const row = page.getByRole('row').filter({ has: page.getByTitle(failed) });
  await row.getByRole('button', { name: 'Retry' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`./kintsugi retry ${failed}`).waitFor();
  await dialog.getByRole('button', { name: 'Retry' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/jobs/job_') && !url.pathname.endsWith(failed));
  const retried = new URL(page.url()).pathname.slice('/jobs/'.length);
  expect(await under.jobOf(retried)).toMatchObject({ original_job_id: failed, retry_count: 1 });
  await page.getByText('What the platform did, and why').waitFor();
  await page.getByText('no such letter').first().waitFor();

  await page.goto(`/jobs/${failed}`);
  await page.getByRole('button', { name: 'Run a part again' }).click();
  await page.getByRole('dialog').getByText('chosen', { exact: true }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Run 1 tasks again' }).click();
  await page.waitForURL((url) => ![failed, retried].some((id) => url.pathname.endsWith(id)));
  expect(await under.jobOf(new URL(page.url()).pathname.slice('/jobs/'.length))).toMatchObject({ original_job_id: failed });

  const unserved = await under.submit({ type: 'nobody.runs', tasks: [{}] });
  await page.goto('/');
  await page.getByText('No worker runs the type nobody.runs').waitFor();
  await page.goto('/jobs?q=type%3Anobody.runs');
  await page
    .getByRole('row')
    .filter({ has: page.getByTitle(unserved) })
    .getByText('no worker')
    .waitFor();
  await page.goto(`/jobs/${unserved}`);
  await page.getByText('Why it waits').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
  await under.reached(unserved, 'paused');
  await page.getByRole('button', { name: 'Resume' }).waitFor();

  await page.goto('/jobs?q=type%3Anobody.runs');
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await page.getByText('Jobs that this is about: 1').waitFor();
  await page.getByLabel('Type 1 to confirm').fill('1');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('1 done, 0 left as they were, 0 refused').waitFor();
  await under.reached(unserved, 'cancelled');
  expectClean(visit);
  await visit.context.close();
});

testInBrowser(
  'who is on call follows an alert, recovers its group a few first, and keeps what is known from telling again',
  async () => {
    const failed = await under.submit({ type: 'test.echo', tasks: [{ payload: { fatal: 'no such mailbox' } }] });
    await under.reached(failed, 'failed');
    const visit = await under.browser.visit(under.url);
    const { page } = visit;
    await page.goto('/alerts');
    await signIn(visit, under.adminKey);
    await conditionThroughItsLife(page);
    await silencesPaged(page, (reason) =>
      under.ask('POST', '/job-operations', { action: 'createAlertSilence', data: { reason, subject: 'nothing', for_s: 3_600 } }),
    );
    const incident = { labels: { alertname: 'DiskFull' }, annotations: { summary: 'the disk is nearly full' } };
    const times = { startsAt: new Date().toISOString(), fingerprint: 'd1' };
    await incidentSeen(page, 'DiskFull', (status) =>
      under.ask('POST', '/v1/hooks/alertmanager', { version: '4', alerts: [{ ...incident, ...times, status }] }),
    );
    await groupRecoveredCarefully(page, 'no such mailbox');
    await triedPolicySet(page);
    expectClean(visit);
    await visit.context.close();
  },
);

testInBrowser(
  'an admin makes a key that is shown once, ends it, sees in the audit who had what changed, and the settings in force',
  async () => {
    const held = await under.submit({ type: 'nobody.runs.this', tasks: [{}] });
    await under.ask('POST', '/job-operations', { action: 'pauseJob', data: { job_id: held } });
    const visit = await under.browser.visit(under.url);
    const { page } = visit;
    const dialog = page.getByRole('dialog');
    await page.goto('/keys');
    await signIn(visit, under.adminKey);
    await keyThroughItsLife(page, async (key) => {
      const headers = { authorization: `Bearer ${key}` };
      return (await fetch(new URL('/v1/jobs', under.url), { headers })).ok;
    });
    await page.goto(`/audit?subject=${held}&action=pauseJob`);
    await page.getByText('status pending → paused').waitFor();
    await page.getByText(`./kintsugi audit list --action pauseJob --subject ${held}`, { exact: false }).waitFor();
    await page.getByRole('button', { name: 'pauseJob' }).click();
    await dialog.getByRole('row').filter({ hasText: 'status' }).getByText('pending').waitFor();
    await settingsInForce(page);
    expectClean(visit);
    await visit.context.close();
  },
);

testInBrowser(
  'an admin approves what an operator has asked to be recovered, rejects another, and neither begins before',
  async () => {
    const { key } = await under.ask<{ key: string }>('POST', '/v1/keys', { id: 'operator', role: 'operator' });
    under.sink.verdict = ({ attempt }) => (attempt === 1 ? { fatal: 'the relay is down' } : {});
    const failed = await under.submit({ type: 'test.deliver', tasks: [{}] });
    await under.reached(failed, 'failed');
    const { items } = await under.ask<{ items: { id: string; group_id: string; error_type: string }[] }>(
      'GET',
      `/v1/errors?job_id=${failed}`,
    );
    const when = [{ kind: 'approval', role: 'admin' }];
    for (const about of [{ group_id: items[0]!.group_id }, { filter: { job_id: failed } }]) {
      await under.ask('POST', '/error-operations', { action: 'recoverGroup', data: { ...about, when } }, key);
    }
    const visit = await under.browser.visit(under.url);
    const { page } = visit;
    await page.goto(`/jobs/${failed}`);
    await signIn(visit, under.adminKey);
    const atJob = page.getByRole('region', { name: 'Recoveries that wait' }).first();
    await atJob.getByText('an approval by the role admin').nth(1).waitFor();
    await page.locator('.task-row').click();
    await page.getByRole('dialog').getByText('an approval by the role admin').nth(1).waitFor();
    await recoveryApproved(page, failed);
    await page.goto('/audit?action=approveGroupRecovery');
    await page.getByRole('button', { name: 'approveGroupRecovery' }).waitFor();
    expectClean(visit);
    await visit.context.close();
  },
);

testInBrowser('what people ask of jobs takes the clicks that docs/console.md says', async () => {
  const failed = await under.submit({
    type: 'test.echo',
    labels: { team: 'red' },
    tasks: [{ payload: { fatal: 'no such coupon' } }],
  });
  await under.reached(failed, 'failed');
  under.sink.verdict = ({ attempt }) => (attempt === 1 ? { fail: 'the shop is slow' } : { wait_ms: 600_000 });
  const held = await under.submit({ type: 'test.deliver', tasks: [{}] });
  const ended = await under.submit({ type: 'test.deliver', tasks: [{}, {}] });
  for (const id of [held, ended]) await under.reached(id, 'running');
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto('/');
  await signIn(visit, under.adminKey);
  await runningJobHeldAndEnded(page, { held, ended });
  await jobsFoundDeletedAndRetried(page, 'type:test.echo label:team=red', failed);
  await under.ask('POST', '/job-operations', { action: 'cancelJob', data: { job_id: held } });
  expectClean(visit);
  await visit.context.close();
});

testInBrowser('what people ask of failures and waits takes the clicks that docs/console.md says', async () => {
  const cause = 'no such colour';
  const broken = await under.submit({
    type: 'test.echo',
    tasks: [...Array.from({ length: 9 }, () => ({ payload: { fatal: cause } })), { payload: { text: '{}' } }],
  });
  const unserved = await under.submit({ type: 'nobody.paints', tasks: [{}] });
  under.sink.verdict = ({ payload }) =>
    (payload as { fails?: true } | null)?.fails ? { fail: 'the paint is late' } : { wait_ms: 600_000 };
  const retrying = await under.submit({
    type: 'test.deliver',
    retry_config: { max_attempts: 3, retry_interval: 600, retry_on_errors: [] },
    tasks: [{ payload: { fails: true } }, {}],
  });
  await under.reached(broken, 'failed');
  await under.waitsForRetry(retrying);
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto('/');
  await signIn(visit, under.adminKey);
  await waitsSeen(page, { broken, cause, retrying, unserved });
  await causeReadAndRecovered(page, { broken, cause, retrying, unserved });
  await under.ask('POST', '/job-operations', { action: 'cancelJob', data: { job_id: retrying } });
  under.sink.verdict = () => ({ kill: true });
  const lost = await under.submit({ type: 'test.deliver', safety: 'unsafe', tasks: Array.from({ length: 9 }, () => ({})) });
  await under.failedAs(lost, 'worker.lost');
  await wrongsTold(page);
  expectClean(visit);
  await visit.context.close();
});
