// In the console of a real browser an operator is told of what nobody runs and sets how urgent a job is, and an admin takes a policy back.
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { JobPage } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { signIn } from './console-browser.js';
import { factOf, policyTakenBack, priorityRaised, priorityRefused } from './console-journeys.js';
import { ConsoleUnderTest, expectClean, isMissing, testInBrowser } from './console-under-test.js';

let under: ConsoleUnderTest;

beforeAll(async () => {
  if (!isMissing) under = await ConsoleUnderTest.start();
});

afterAll(() => under?.stop());

testInBrowser(
  'an operator sees what was asked of a job, sets its priority, and is told why that cannot be set any more',
  async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const first = await under.submit({ type: 'nobody.goes.first', tasks: [{}] });
    const second = await under.submit({
      ...{ type: 'nobody.goes.second', timeout_s: 90, run_at: tomorrow, unique: { key: 'second' }, tasks: [{}] },
      depends_on: [{ job_id: first, on: 'finished' }],
      concurrency: { key: 'shop', limit: 2 },
      rate_limit: { key: 'mail', per_second: 0.1 },
      resource_limits: { max_memory: 512, max_cpu: 0.5 },
      retry_config: { max_attempts: 4, retry_interval: 10, retry_on_errors: ['smtp.*'] },
    });
    const visit = await under.browser.visit(under.url);
    const { page } = visit;
    await page.goto(`/jobs/${second}`);
    await signIn(visit, under.adminKey);
    for (const [name, says] of [
      ['Goes after', 'still waited for · however it ends'],
      ['Not before', 'in'],
      ['Concurrency key', 'shop · at most 2 tasks at once'],
      ['Rate limit', 'mail · 0.1 a second'],
      ['One task may use', '512 MiB · 0.5 cores'],
      ['One run may take', '1 min 30 s'],
      ['Unique key', 'second'],
      ['Holds it while', 'scheduled'],
      ['Retries of its own', 'at most 4 runs · 10 s before the first retry · only of smtp.*'],
    ] as const) {
      await factOf(page, name, says);
    }
    await priorityRaised(page, second);
    expect(await under.jobOf(second)).toMatchObject({ priority: 9 });
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Set priority' }).click();
    await dialog.getByText('0', { exact: true }).click();
    await under.ask('POST', '/job-operations', { action: 'cancelJob', data: { job_id: second } });
    await under.reached(second, 'cancelled');
    await dialog.getByRole('button', { name: 'Set priority' }).click();
    await dialog.getByRole('alert').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await priorityRefused(page, 'Nothing of it is to run any more.');
    await page.getByRole('region', { name: 'Facts' }).getByTitle(first).click();
    await page.waitForURL(`**/jobs/${first}`);
    await under.ask('POST', '/job-operations', { action: 'cancelJob', data: { job_id: first } });
    expectClean(visit);
    await visit.context.close();
  },
);

testInBrowser('an admin reads the versions of a policy, reverts it by one step, and unsets it', async () => {
  const policy = {
    ...{ error_type: 'relay.*', max_attempts: 2, initial_delay: 5, max_delay: 60, backoff_factor: 2 },
    retry_conditions: [{ field: 'attempt', operator: 'lt', value: 9 }],
    rules: [
      {
        when: [{ field: 'error_message', operator: 'contains', value: 'mailbox' }],
        ...{ action: 'fail_job', reason: 'nobody reads it' },
      },
    ],
  };
  for (const config of [policy, { ...policy, max_attempts: 4 }]) {
    await under.ask('POST', '/error-operations', { action: 'configureRetry', data: { error_type: 'relay.*', config } });
  }
  const visit = await under.browser.visit(under.url);
  await visit.page.goto('/policies');
  await signIn(visit, under.adminKey);
  await policyTakenBack(visit.page, 'relay.*');
  expectClean(visit);
  await visit.context.close();
});

testInBrowser('a type that nobody runs is told of on Home and on Workers, behind hundreds of newer jobs of others', async () => {
  under.sink.verdict = () => ({ wait_ms: 600_000 });
  const forgotten = await under.submit({ type: 'nobody.sweeps', tasks: [{}] });
  const newer = await Promise.all(Array.from({ length: 201 }, () => under.submit({ type: 'test.deliver', tasks: [{}] })));
  await eventually(async () => {
    const { items } = await under.ask<JobPage>('GET', '/v1/jobs?status=pending,running&limit=200');
    expect(items.filter(({ type }) => type === 'test.deliver')).toHaveLength(200);
  });
  const visit = await under.browser.visit(under.url);
  const { page } = visit;
  await page.goto('/');
  await signIn(visit, under.adminKey);
  await page.getByText('No worker runs the type nobody.sweeps. Jobs that wait: 1', { exact: true }).waitFor();
  await page.goto('/workers');
  await page.getByRole('row').filter({ hasText: 'nobody.sweeps' }).getByText('no worker').waitFor();
  expectClean(visit);
  await visit.context.close();
  const cancelled = [forgotten, ...newer].map((id) =>
    under.ask('POST', '/job-operations', { action: 'cancelJob', data: { job_id: id } }),
  );
  await Promise.all(cancelled);
});
