import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ActionInput, ErrorRecord } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobServiceSide, failureOf, newJob } from './job-service-side.js';
import { startRecoveryService, type RecoveryServiceUnderTest } from './recovery-service-under-test.js';

let servers: TestServers;
let service: RecoveryServiceUnderTest;
let jobService: JobServiceSide;
const job = newJob();
const other = newJob();

/** 30 greylisted tasks that wait, 20 unknown users and, in another job, 5 more of these. */
beforeAll(async () => {
  servers = await startTestServers();
  jobService = await JobServiceSide.connect(servers.natsUrl);
  service = await startRecoveryService(servers);
  const at = (index: number) => ({ failed_at: new Date(Date.UTC(2026, 10, 23, 6, 0, Math.floor(index / 4))).toISOString() });
  const waiting = Array.from({ length: 30 }, (_, index) => failureOf(job, index, { retry_after_ms: 600_000, ...at(index) }));
  const unknown = (owner: typeof job, index: number) =>
    failureOf(owner, index, { error_type: 'smtp.550', error_message: `550 <user${index}@example.com> unknown`, ...at(index) });
  const dead = Array.from({ length: 20 }, (_, index) => unknown(job, 30 + index));
  await jobService.emit('task.failed', { tasks: [...waiting, ...dead] });
  await jobService.emit('task.failed', { tasks: Array.from({ length: 5 }, (_, index) => unknown(other, 100 + index)) });
  await eventually(async () => expect(await all({})).toHaveLength(55));
});

afterAll(async () => {
  await service?.stop();
  await jobService?.close();
  await servers?.stop();
});

/** Every record that a filter finds, read in pages of 7. */
async function all(filter: ActionInput<'listErrors'>): Promise<ErrorRecord[]> {
  const found: ErrorRecord[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await callAction(jobService.bus, 'listErrors', { ...filter, limit: 7, ...(cursor ? { cursor } : {}) });
    found.push(...page.items);
    if (page.next_cursor === null) return found;
    cursor = page.next_cursor;
  }
}

test('an analysis sums up what failed, without a rate of all runs while nobody knows how many there were', async () => {
  const period = { start: '2026-11-23T00:00:00Z', end: '2026-11-24T00:00:00Z' };
  const analysis = await callAction(jobService.bus, 'analyzeErrors', { period });
  expect(analysis).toMatchObject({
    totals: { tasks: 55, jobs: 2, failed_runs: 55, by_status: { in_progress: 30, failed: 25 } },
    failure_rate: null,
    by_error_type: [
      { error_type: 'smtp.451', tasks: 30, recovery: { decided: 0, rate: null } },
      { error_type: 'smtp.550', tasks: 25, recovery: { decided: 25, rate: 0 } },
    ],
    time_to_recover: { recovered: 0, open: 55, median_s: null },
  });
  const one = await callAction(jobService.bus, 'analyzeErrors', { period, error_types: ['smtp.5*'], job_ids: [other.jobId] });
  expect(one.totals.tasks).toBe(5);
});

describe('the list of error records', () => {
  test('comes newest first, each record once, also where many have one time', async () => {
    const records = await all({});
    expect(new Set(records.map(({ id }) => id)).size).toBe(55);
    const times = records.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort().reverse());
  });

  test('is narrowed by job, error type, status and group', async () => {
    expect(await all({ job_id: other.jobId })).toHaveLength(5);
    expect(await all({ error_type: 'smtp.550' })).toHaveLength(25);
    expect(await all({ recovery_status: 'in_progress' })).toHaveLength(30);
    const [record] = await all({ job_id: other.jobId });
    expect(await all({ group_id: record?.group_id ?? '', job_id: job.jobId })).toHaveLength(20);
    expect(await all({ recovery_status: 'recovered' })).toEqual([]);
  });

  test.each([
    ['a cursor of its own making', { cursor: 'abc' }, 'CURSOR_INVALID'],
    ['too large a page', { limit: 201 }, 'VALIDATION_FAILED'],
    ['an operator instead of a value', { error_type: { $ne: 'x' } }, 'VALIDATION_FAILED'],
  ])('refuses %s', async (_name, request, code) => {
    await expect(callAction(jobService.bus, 'listErrors', request as never)).rejects.toMatchObject({ code });
  });
});

describe('the list of error groups', () => {
  test('comes largest first, with counts by status and jobs', async () => {
    const { items } = await callAction(jobService.bus, 'listErrorGroups', {});
    expect(items).toMatchObject([
      {
        title: '<*> <<*>>: greylisted, try again in <*>',
        error_type: 'smtp.451',
        count: 30,
        by_status: { pending: 0, in_progress: 30, recovered: 0, failed: 0 },
        waiting: 0,
        outcome_unknown: 0,
        jobs: 1,
      },
      {
        title: '<*> <<*>> unknown',
        error_type: 'smtp.550',
        count: 25,
        by_status: { failed: 25 },
        waiting: 25,
        outcome_unknown: 0,
        jobs: 2,
        first_seen: '2026-11-23T06:00:07.000Z',
        last_seen: '2026-11-23T06:00:26.000Z',
      },
    ]);
    const example = items[1]?.example_record_id ?? '';
    expect(await callAction(jobService.bus, 'getError', { error_record_id: example })).toMatchObject({ error_type: 'smtp.550' });
  });

  test('is narrowed by job and status', async () => {
    const ofOther = await callAction(jobService.bus, 'listErrorGroups', { job_id: other.jobId });
    expect(ofOther.items.map(({ count }) => count)).toEqual([5]);
    const failed = await callAction(jobService.bus, 'listErrorGroups', { recovery_status: 'failed', limit: 1 });
    expect(failed.items.map(({ count, error_type }) => [count, error_type])).toEqual([[25, 'smtp.550']]);
  });
});
