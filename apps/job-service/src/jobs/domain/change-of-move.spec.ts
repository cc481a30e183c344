import { expect, test } from '@jest/globals';
import { changeOf } from './change-of-move.js';
import type { LedgerEntry } from './ledger-entry.js';

const at = '2026-11-23T06:00:00.000Z';
const entryOf = (job: object): LedgerEntry => ({ job: { created_at: at, started_at: at, ...job } }) as unknown as LedgerEntry;

test('a job that a policy has stopped, and that a person cancels once it goes on again, ends as cancelled', () => {
  expect(changeOf(entryOf({}), 'abort', at)).toEqual({ expired: true, aborted: true });
  expect(changeOf(entryOf({ expired: true, aborted: true }), 'cancel', at)).toEqual({ expired: false, aborted: false });
  expect(changeOf(entryOf({}), 'cancel', at)).toEqual({});
});
