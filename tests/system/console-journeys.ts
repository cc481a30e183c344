import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '@kintsugi/testing';

/** On the page of a job: it is given the priority 9, by a dialog that shows the same as a command and as a request, and shows it. */
export async function priorityRaised(page: Page, job: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Set priority' }).click();
  await dialog.getByText('9', { exact: true }).click();
  await dialog.getByText(`./kintsugi priority ${job} 9`).waitFor();
  await dialog.getByText('"action":"setJobPriority"', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Set priority' }).click();
  await page.getByText('has the priority 9.').waitFor();
  await dialog.waitFor({ state: 'detached' });
  expect(await factOf(page, 'Priority', '9')).toBe('9');
}

/** On the page of a job: that its priority cannot be set, and why. */
export async function priorityRefused(page: Page, why: string): Promise<void> {
  const button = page.getByRole('button', { name: 'Set priority', disabled: true });
  await button.hover();
  await page.getByRole('tooltip').getByText(why).waitFor();
}

/** On the page of a job: what stands beside a name among the facts, once it says so. */
export async function factOf(page: Page, name: string, says: string): Promise<string> {
  const facts = page.getByRole('region', { name: 'Facts' });
  const value = facts.locator(`dt:text-is("${name}") + dd`);
  await value.filter({ hasText: says }).waitFor();
  return value.innerText();
}

/** On the page Alerts: a condition is made, tested, changed and ended, and a silence of it with it. */
export async function conditionThroughItsLife(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByText('./kintsugi alerts create no-workers').waitFor();
  await page.getByRole('button', { name: 'New condition' }).click();
  await dialog.getByLabel('Name').fill('late');
  await dialog.getByLabel('Threshold').fill('86400');
  await dialog.getByText('./kintsugi alerts create late --signal queue_age_s --threshold 86400').waitFor();
  await dialog.getByRole('button', { name: 'New condition' }).click();
  const row = page.getByRole('row').filter({ hasText: 'queue_age_s' });
  await row.getByRole('button', { name: 'Test' }).click();
  await dialog.getByText('./kintsugi alerts test late').waitFor();
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Threshold').fill('7200');
  await dialog.getByRole('button', { name: 'Edit' }).click();
  await row.filter({ hasText: '7,200' }).getByRole('button', { name: 'Silence' }).click();
  await dialog.getByLabel('Why').fill('it is known');
  await dialog.getByRole('button', { name: 'Silence' }).click();
  await page.getByRole('row').filter({ hasText: 'it is known' }).getByRole('button', { name: 'End' }).click();
  await dialog.getByRole('button', { name: 'End' }).click();
  await page.getByText('./kintsugi alerts silence --minutes 30').waitFor();
  await row.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByLabel('Type late to confirm').fill('late');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('late is gone.').waitFor();
}

/** On the page Alerts: more silences than a page has are all reached. */
export async function silencesPaged(page: Page, silence: (reason: string) => Promise<unknown>): Promise<void> {
  for (let number = 1; number <= 51; number += 1) await silence(`a deployment ${number}`);
  await page.goto('/alerts');
  const rows = page.getByRole('row').filter({ hasText: 'a deployment' });
  await rows.nth(49).waitFor();
  expect(await rows.count()).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await rows.nth(50).waitFor();
}

/** From the page Failures: a group whose tasks fail again is recovered a few first, beside a policy that is tried on it. */
export async function groupRecoveredCarefully(page: Page, title: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.goto('/failures');
  await page.getByRole('link', { name: title }).click();
  await page.getByText('With the policy tried: ').waitFor();
  await page.getByRole('button', { name: 'Recover carefully' }).click();
  await dialog.getByText('Tasks that have not recovered: 1.').waitFor();
  await dialog.getByRole('button', { name: 'Recover carefully' }).click();
  await page.getByText('0 recovered, 1 failed again', { exact: false }).first().waitFor();
}

/** From Home: a recovery that somebody else has asked for is approved, and recovers; another one is rejected. */
export async function recoveryApproved(page: Page, rejected: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.goto('/');
  await page.getByRole('link', { name: 'Recoveries that wait for somebody to approve them: 2' }).click();
  await page.waitForURL('**/failures');
  const waiting = page.getByRole('region', { name: 'Recoveries that wait' });
  await waiting.getByText(`job_id ${rejected}`).waitFor();
  await waiting.getByText('an approval by the role admin').first().waitFor();
  await waiting.getByRole('button', { name: 'Reject' }).first().click();
  await dialog.getByText('./kintsugi recover cancel rcv_', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await waiting.getByText(`job_id ${rejected}`).waitFor({ state: 'detached' });
  await waiting.getByRole('link', { name: 'grp_' }).click();
  const recoveries = page.getByRole('region', { name: 'Careful recoveries' });
  await recoveries.getByRole('button', { name: 'Approve' }).click();
  await dialog.getByText('./kintsugi recover approve rcv_', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await recoveries.getByText('1 recovered', { exact: false }).waitFor();
  await recoveries.getByText('completed').waitFor();
  await page.goto('/');
  const last = page.getByRole('region', { name: 'Recoveries that were made last' });
  await last.getByText('completed').first().waitFor();
  await last.getByText('cancelled').first().waitFor();
}

/** On Home: an incident stands there by its name while it fires, and leads to the alerts. */
export async function incidentSeen(
  page: Page,
  name: string,
  told: (status: 'firing' | 'resolved') => Promise<unknown>,
): Promise<void> {
  await told('firing');
  await page.goto('/');
  const firing = page.getByRole('region', { name: 'Alerts that fire' });
  await firing.getByText('the disk is nearly full').waitFor();
  await firing.getByRole('link', { name }).click();
  await page.waitForURL('**/alerts');
  await page.getByRole('row').filter({ hasText: name }).getByText('firing').waitFor();
  await told('resolved');
  await page.goto('/');
  await page.getByRole('region', { name: 'Under way, the oldest first' }).waitFor();
  await firing.waitFor({ state: 'detached' });
}

/** On the page of settings: those in force, found by words, beside their defaults, without a secret; the host's name differs from nothing. */
export async function settingsInForce(page: Page): Promise<void> {
  await page.goto('/settings?service=gateway');
  const gateway = page.getByRole('region', { name: 'gateway' });
  await gateway.getByRole('row').filter({ hasText: 'SESSION_SECRET' }).getByText('…', { exact: true }).waitFor();
  await page.getByLabel('Find by name, value or meaning').fill('upload pause');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === 'upload pause');
  const found = gateway.getByRole('row').filter({ hasText: 'UPLOAD_IDLE_TIMEOUT_MS' });
  await found.getByText('30000', { exact: true }).first().waitFor();
  await page.getByLabel('Only those that differ from their defaults').check();
  await page.getByText('No setting is like that.').waitFor();
  await page.goto('/settings?service=gateway&q=INSTANCE_ID');
  const named = gateway.getByRole('row').filter({ hasText: 'INSTANCE_ID' });
  await named.getByText('the name of the host', { exact: true }).waitFor();
  expect(await named.getByText('differs', { exact: true }).count()).toBe(0);
}

/** On the page of a group: the policy that is tried is set, and the lab shows at once that it holds. */
export async function triedPolicySet(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByLabel('Runs at most').fill('7');
  await page.getByRole('button', { name: 'Set this policy' }).click();
  await dialog.getByText('./kintsugi policy set test.fatal --max-attempts 7', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Set this policy' }).click();
  await page.getByText('test.fatal has version 1 of its policy.').waitFor();
  await page.getByText('that of test.fatal', { exact: false }).waitFor();
}

/** From the page of policies: one of a prefix that was set twice is read, reverted by one step, and unset. */
export async function policyTakenBack(page: Page, prefix: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  const facts = page.getByRole('region', { name: 'How failures are retried' });
  await page.goto('/policies');
  await page.getByRole('link', { name: prefix }).click();
  await page.waitForURL((url) => url.pathname === `/policies/${prefix}`);
  // The gateway gives it by its address, too.
  await page.reload();
  await facts.getByText('4, the first included').waitFor();
  await facts.getByText('error_message contains "mailbox"').waitFor();
  await facts.getByText('the job fails, and what is left of it is stopped (nobody reads it)', { exact: false }).waitFor();
  const second = page.getByRole('region', { name: 'What version 2 changed' });
  await second.getByRole('row').filter({ hasText: 'max_attempts' }).getByText('4', { exact: true }).waitFor();
  await second.getByText(`./kintsugi policy diff '${prefix}' --from 1 --to 2`).waitFor();
  await page.getByRole('link', { name: 'version 1', exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get('version') === '1');
  await page.getByText('Nothing was set before.').waitFor();
  await page.getByRole('button', { name: 'Revert' }).click();
  await dialog.getByText(`./kintsugi policy revert '${prefix}' --to 1`).waitFor();
  await dialog.getByText('"action":"revertRetry"', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: 'Revert' }).click();
  await page.getByText(`${prefix} has version 3 of its policy, as version 1.`).waitFor();
  await page.getByText('set, as version 1', { exact: true }).waitFor();
  await facts.getByText('2, the first included').waitFor();
  await page.getByRole('button', { name: 'Unset' }).click();
  await dialog.getByText(`./kintsugi policy unset '${prefix}'`).waitFor();
  await dialog.getByRole('button', { name: 'Unset' }).click();
  await page.getByText(`Nothing is set for ${prefix} any more.`).waitFor();
  await page.getByText('taken back', { exact: true }).waitFor();
  await facts.getByRole('link', { name: 'every other' }).waitFor();
  await page.getByRole('button', { name: 'Unset' }).waitFor({ state: 'detached' });
}

/** On the page of keys: one is made, told this once, and ended. */
export async function keyThroughItsLife(page: Page, isGood: (key: string) => Promise<boolean>): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'New key' }).click();
  await dialog.getByLabel('Name').fill('nightly');
  await dialog.getByText('./kintsugi keys create nightly --role viewer').waitFor();
  await dialog.getByRole('button', { name: 'New key' }).click();
  const key = await dialog.getByText(/^kin_nightly_/).innerText();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'I have it' }).click();
  expect(await isGood(key)).toBe(true);
  expect(await page.content()).not.toContain(key);
  await page.getByRole('row').filter({ hasText: 'nightly' }).getByRole('button', { name: 'Revoke' }).click();
  await dialog.getByLabel('Type nightly to confirm').fill('nightly');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('nightly is revoked.').waitFor();
  await eventually(async () => expect(await isGood(key)).toBe(false));
}
