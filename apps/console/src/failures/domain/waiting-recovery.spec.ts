import { describe, expect, test } from '@jest/globals';
import type { GroupRecovery } from '@kintsugi/contracts';
import { approvalBy, approvalsIn, causesOf, isAbout, nextLookMs } from './waiting-recovery.js';

const groupId = `grp_${'0'.repeat(32)}`;
const record = { id: 'err_1', group_id: groupId, job_id: 'job_1', error_type: 'smtp.451' };
const about = (group_id: string | null, filter: Record<string, string> = {}) => isAbout({ group_id, filter }, record);

describe('what waits is shown where it belongs', () => {
  test('at the record, the job, the type and the group that it is of', () => {
    expect(about(groupId)).toBe(true);
    expect(about(null, { error_record_id: 'err_1' })).toBe(true);
    expect(about(groupId, { job_id: 'job_1', error_type: 'smtp.*' })).toBe(true);
    expect(about(null, { error_type: 'smtp.451' })).toBe(true);
    expect(about(null, { error_type: 'smtp.4*' })).toBe(true);
  });

  test('and at nothing else, nor where that cannot be told', () => {
    expect(about(`grp_${'1'.repeat(32)}`)).toBe(false);
    expect(about(null, { error_record_id: 'err_2' })).toBe(false);
    expect(about(groupId, { job_id: 'job_2' })).toBe(false);
    expect(about(null, { error_type: 'smt.*' })).toBe(false);
    expect(about(null, { error_type: 'smtp.5*' })).toBe(false);
    expect(about(groupId, { label: 'team=blue' })).toBe(false);
    expect(isAbout({ group_id: null, filter: { error_type: 'smtp.*' } }, { job_id: 'job_1' })).toBe(false);
  });
});

test('at a job stands what is of one of its causes, or of the whole job', () => {
  const job = causesOf('job_1', [
    { id: groupId, error_type: 'smtp.451' },
    { id: `grp_${'1'.repeat(32)}`, error_type: 'net.timeout' },
  ]);
  const atJob = (group_id: string | null, filter: Record<string, string> = {}) =>
    job.some((cause) => isAbout({ group_id, filter }, cause));
  expect(atJob(groupId)).toBe(true);
  expect(atJob(groupId, { error_type: 'net.*' })).toBe(false);
  expect(atJob(null, { job_id: 'job_1' })).toBe(true);
  expect(atJob(null, { job_id: 'job_1', error_type: 'net.timeout' })).toBe(true);
  expect(atJob(null, { job_id: 'job_1', error_type: 'disk.full' })).toBe(false);
  expect(atJob(`grp_${'2'.repeat(32)}`)).toBe(false);
});

test('what waits is looked at often only where anything does, and all of it fits into one answer', () => {
  const page = (items: number) => ({ items: Array.from({ length: items }, () => ({}) as GroupRecovery) });
  const idle = nextLookMs([page(0)]);
  expect(nextLookMs([page(1)])).toBeLessThan(idle);
  expect(nextLookMs([])).toBe(idle);
  expect(nextLookMs([page(200), page(1)])).toBe(idle);
});

describe('an approval', () => {
  const recovery = (role: 'operator' | 'admin', holds = false, state: GroupRecovery['state'] = 'waiting') => ({
    ...{ state, requested_by: 'ada', waits_for: [{ condition: { kind: 'approval' as const, role }, holds, about: '' }] },
  });

  test('is offered to whoever may give it, which is not the one who has asked', () => {
    expect(approvalBy(recovery('admin'), { keyId: 'bob', role: 'admin' })).toBe('may');
    expect(approvalBy(recovery('operator'), { keyId: null, role: 'admin' })).toBe('may');
    expect(approvalBy(recovery('admin'), { keyId: 'bob', role: 'operator' })).toBe('lesser');
    expect(approvalBy(recovery('admin'), { keyId: 'ada', role: 'admin' })).toBe('own');
  });

  test('is waited for by nobody once it is given, or the recovery is over', () => {
    expect(approvalBy(recovery('admin', true), { keyId: 'bob', role: 'admin' })).toBe('none');
    expect(approvalBy(recovery('admin', false, 'cancelled'), { keyId: 'bob', role: 'admin' })).toBe('none');
    expect(approvalBy({ ...recovery('admin'), waits_for: [] }, { keyId: 'bob', role: 'admin' })).toBe('none');
  });

  test('is counted over all pages that were read, and more are known of only where the last has a next', () => {
    const page = (next_cursor: string | null, ...items: ReturnType<typeof recovery>[]) => ({ items, next_cursor });
    const first = page('2', recovery('admin'), recovery('admin', true));
    expect(approvalsIn([first])).toEqual({ recoveries: 1, isCapped: true });
    expect(approvalsIn([first, page(null, recovery('operator'))])).toEqual({ recoveries: 2, isCapped: false });
    expect(approvalsIn([])).toEqual({ recoveries: 0, isCapped: false });
  });
});
