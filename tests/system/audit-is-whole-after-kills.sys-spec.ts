// After 1,000 mixed calls and kills the chains of the audit are whole, and tell of each call that was answered.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditPage, AuditService } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { runCommand } from '../command-line.js';
import { PlatformUnderTest } from './platform-under-test.js';
import { retryConfig } from './sample-parts.js';

const calls = 1_000;
const callers = 8;
const services = ['job-service', 'recovery-service', 'metrics-service'];

let under: PlatformUnderTest;

beforeAll(async () => {
  under = await PlatformUnderTest.start();
});

afterAll(() => under.stop());

/** What the n-th of a caller asks for: of a job of one task, of one of many, of a schedule and of a policy. */
function requestOf(n: number, jobs: readonly string[]): [path: string, action: string, data: object] {
  const jobId = jobs[n % jobs.length];
  const name = `audit-${n % 5}`;
  const type = `audit.${n % 7}`;
  const retry = { ...retryConfig, error_type: type, max_attempts: 1 + (n % 9), retry_conditions: [] };
  const job = { product_id: 'p', sending_group_id: 'g', type: 'nobody.runs', tasks: [{}] };
  const requests: [string, string, object][] = [
    ['/job-operations', 'pauseJob', { job_id: jobId }],
    ['/job-operations', 'resumeJob', { job_id: jobId }],
    ['/job-operations', 'setJobPriority', { job_id: jobId, priority: n % 10 }],
    ['/job-operations', 'createJob', job],
    ['/job-operations', 'createSchedule', { name, every_s: 86_400, job }],
    ['/job-operations', 'pauseSchedule', { name }],
    ['/error-operations', 'configureRetry', { error_type: type, config: retry }],
    ['/error-operations', 'unsetRetry', { error_type: type }],
    ['/job-operations', 'cancelJob', { job_id: jobs[0] }],
  ];
  return requests[n % requests.length] as [string, string, object];
}

async function killAll(): Promise<void> {
  for (const service of services) {
    const [before] = under.platform.pids(service);
    under.platform.kill(service);
    await eventually(() => {
      const [now] = under.platform.pids(service);
      expect(now).toBeDefined();
      expect(now).not.toBe(before);
    });
  }
}

/** Entries that say that a call of an action was made. */
async function madeOf(service: AuditService, action: string): Promise<number> {
  let made = 0;
  for (let cursor: string | null = ''; cursor !== null;) {
    const path: string = `/v1/audit?service=${service}&action=${action}&phase=done&limit=200${cursor && `&cursor=${cursor}`}`;
    const page: AuditPage = await under.get(path);
    made += page.items.length;
    cursor = page.next_cursor;
  }
  return made;
}

test('each chain is verified, and each call that was answered has its entry', async () => {
  const head = { type: 'nobody.runs' };
  const made = await Promise.all([[{}], [{}], [{}, {}], [{}, {}, {}]].map((tasks) => under.createJob({ ...head, tasks })));
  const jobs = made.map(({ job_id }) => job_id);
  const answered = new Map<string, number>();
  let asked = 0;
  const call = async (): Promise<void> => {
    for (; asked < calls;) {
      const [path, action, data] = requestOf(asked, jobs);
      asked += 1;
      const { status } = await under.request('POST', path, { action, data });
      expect(status).not.toBe(500);
      if (status < 300) answered.set(action, (answered.get(action) ?? 0) + 1);
    }
  };
  const calling = Promise.all(Array.from({ length: callers }, call));
  for (const share of [0.2, 0.6]) {
    await eventually(() => expect(asked).toBeGreaterThan(share * calls));
    await killAll();
  }
  await calling;
  const verified = await eventually(async () => {
    const { stdout, code } = await runCommand(['audit', 'verify', '--json', '--home', under.platform.home]);
    expect(code).toBe(0);
    return JSON.parse(stdout) as { ok: boolean; chains: { service: string; entries: number; fault: unknown }[] };
  });
  expect(verified.ok).toBe(true);
  expect(verified.chains.filter(({ fault }) => fault !== null)).toEqual([]);
  for (const action of ['pauseJob', 'resumeJob', 'setJobPriority', 'createSchedule', 'pauseSchedule'] as const) {
    expect(answered.get(action)).toBeGreaterThan(0);
    expect(await madeOf('job', action)).toBeGreaterThanOrEqual(answered.get(action) as number);
  }
  for (const action of ['configureRetry', 'unsetRetry'] as const) {
    expect(answered.get(action)).toBeGreaterThan(0);
    expect(await madeOf('recovery', action)).toBeGreaterThanOrEqual(answered.get(action) as number);
  }
});
