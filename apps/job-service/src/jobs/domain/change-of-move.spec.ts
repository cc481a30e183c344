import { expect, test } from '@jest/globals';
import type { TaskCounts } from '@kintsugi/contracts';
import { changeOf } from './change-of-move.js';
import { freshJob } from '../../intake/domain/fresh-chunks.js';
import { LedgerEntry } from './ledger-entry.js';

const at = '2026-11-23T06:00:00.000Z';
const entryOf = (job: object): LedgerEntry => ({ job: { created_at: at, started_at: at, ...job } }) as unknown as LedgerEntry;

test('a job that a policy has stopped, and that a person cancels once it goes on again, ends as cancelled', () => {
  expect(changeOf(entryOf({}), 'abort', at)).toEqual({ expired: true, aborted: true });
  expect(changeOf(entryOf({ expired: true, aborted: true }), 'cancel', at)).toEqual({ expired: false, aborted: false });
  expect(changeOf(entryOf({}), 'cancel', at)).toEqual({});
});

test.each(['finish_cancel', 'finish_expire', 'fail'] as const)(
  'a job that ends by %s before anything of it was given to a worker has never begun, as one of a single task',
  (move) => {
    const head = { product_id: 'p', sending_group_id: 'g', priority: 5, safety: 'idempotent' as const, labels: {} };
    const given = { type: 'send', userId: 'u', tenant: 'default', total: 2, chunks: 1, now: 0 };
    const endOf = (counts: TaskCounts) => {
      const sums = { counts, first_try: 0, recovered: 0, retries: 0 };
      return changeOf(new LedgerEntry(freshJob('job_1', head, given), sums, null), move, at);
    };
    expect(endOf({ cancelled: 2 })).toMatchObject({ started_at: null, finished_at: at });
    expect(endOf({ cancelled: 1, succeeded: 1 })).toMatchObject({ started_at: at, finished_at: at });
  },
);
