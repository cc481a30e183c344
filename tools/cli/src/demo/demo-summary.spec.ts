import { describe, expect, it } from '@jest/globals';
import type { ErrorGroup, JobInfo } from '@kintsugi/contracts';
import { faultsOf, firstEndOf, groupToRepair } from './demo-summary.js';

const group = (title: string, error_type: string, by_status: Partial<ErrorGroup['by_status']>) =>
  ({ title, error_type, by_status: { pending: 0, in_progress: 0, recovered: 0, failed: 0, ...by_status } }) as ErrorGroup;
const groups = [
  group('Mailbox full', 'smtp.552', { failed: 3 }),
  group('try again later', 'smtp.451', { recovered: 9 }),
  group('<*> Domain not found', 'smtp.550', { failed: 2 }),
];
const ledger = { delivered: 10, unique: 10, repeats: 0, refused: {}, resets: 0, unanswered: 0 };

describe('the summary of a demo', () => {
  it('tells how the job ended by itself, with the groups in which something is left', () => {
    const job = {
      total_tasks: 20,
      task_counts: { succeeded: 15, dead: 5 },
      metrics: { first_try_share: 0.5, retries: 12, recovered: 9, submit_to_done_ms_p50: 7, submit_to_done_ms_p99: 70 },
    } as unknown as JobInfo;
    expect(firstEndOf(job, groups)).toEqual({
      tasks: 20,
      first_try_share: 0.5,
      retries: 12,
      recovered_by_retry: 9,
      dead: 5,
      groups: [
        { title: 'Mailbox full', error_type: 'smtp.552', count: 3 },
        { title: '<*> Domain not found', error_type: 'smtp.550', count: 2 },
      ],
      p50_ms: 7,
      p99_ms: 70,
    });
  });

  it('finds the group to repair by type and title, as long as something in it has failed', () => {
    const repair = { error_type: 'smtp.550', title_contains: 'Domain not found' };
    expect(groupToRepair(groups, repair)?.title).toBe('<*> Domain not found');
    expect(groupToRepair(groups.slice(0, 2), repair)).toBeUndefined();
    expect(groupToRepair([group('Domain not found', 'smtp.550', { recovered: 2 })], repair)).toBeUndefined();
  });

  it('is right only when delivered = unique = expected', () => {
    expect(faultsOf({ expected: 10 }, ledger)).toEqual([]);
    expect(faultsOf({ expected: 11 }, ledger)).toEqual(['1 message that could arrive did not']);
    expect(faultsOf({ expected: 9 }, ledger)).toEqual(['1 message arrived that nobody expected']);
    expect(faultsOf({ expected: 10 }, { ...ledger, delivered: 12, repeats: 2 })).toEqual([
      '2 repeats reached a mailbox that had its message',
    ]);
  });
});
