import { expect, test } from '@jest/globals';
import type { LeaseOutcome } from '@kintsugi/contracts';
import type { HeldLease } from './held-lease.js';
import { NonRetryable } from './task-error.js';
import { TaskRunner } from './task-runner.js';
import { checkedHandler, type TaskCheck } from './verify-run.js';

/** What is reported of a run of one task with a check. */
async function reportOf(verify: TaskCheck, attempt = 2): Promise<LeaseOutcome | null> {
  const finished = new Set<HeldLease>();
  const handlers = new Map([['send', checkedHandler('send', () => ({ sent: true }), { verify })]]);
  const reporter = { finished: (lease: HeldLease) => void finished.add(lease) };
  const runner = new TaskRunner({ slots: 1, handlers, mappings: [], reporter });
  const lease = { v: 1, chunk_id: 'chunk', job_id: 'job', fence: 1, queue: 'send', safety: 'idempotent' } as const;
  runner.take({ ...lease, indexes: [4], attempts: [attempt] }, ['{"payload":7}']);
  await runner.finished(1_000);
  return [...finished][0]?.takeReport() ?? null;
}

test('a run behind a failed one counts as a success once its check has passed, and says so', async () => {
  let asked: unknown;
  const report = await reportOf(async ({ task }, result) => {
    asked = [task.payload, result];
    return undefined;
  });
  expect(asked).toEqual([7, { sent: true }]);
  expect(report).toMatchObject({ done: [4], verified: [4], failed: [] });
});

test.each<[string, TaskCheck, object]>([
  ['is false', () => false, { error_type: 'verify.failed', error_message: expect.stringContaining('did not pass') }],
  [
    'throws',
    () => Promise.reject(new Error('not there')),
    { error_type: 'verify.failed', error_message: expect.stringContaining('not there') },
  ],
  [
    'names a kind of error',
    () => {
      throw new NonRetryable('gone', { error_type: 'mail.gone' });
    },
    { error_type: 'mail.gone', non_retryable: true },
  ],
])('a run whose check %s has failed', async (_, verify, failure) => {
  expect(await reportOf(verify)).toMatchObject({ done: [], failed: [{ index: 4, ...failure }] });
});

test('the first run is not checked: it follows no failure', async () => {
  const report = await reportOf(() => false, 1);
  expect(report).toMatchObject({ done: [4] });
  expect(report?.verified).toBeUndefined();
});

test('a check that is no function is refused with the handler', () => {
  expect(() => checkedHandler('send', () => undefined, { verify: 'yes' as never })).toThrow('needs a function as verify');
});
