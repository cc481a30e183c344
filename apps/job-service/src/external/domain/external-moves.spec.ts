import { describe, expect, test } from '@jest/globals';
import type { JobStatus } from '@kintsugi/contracts';
import type { ExternalJobRecord } from '../../jobs/domain/job.js';
import { viewJob } from '../../jobs/domain/job-view.js';
import { externalJobSample } from './external-job-sample.js';
import { planRequest, planStall, type ExternalRequest } from './external-moves.js';

const moment = { now: Date.parse('2026-11-27T06:00:00.000Z'), heard: 50_000 };
const producer = { by: 'ada', isAsked: false };

function planned(job: ExternalJobRecord, request: Partial<ExternalRequest>) {
  const plan = planRequest(job, { ...producer, ...request }, moment);
  if (plan.kind !== 'change') throw new Error(`It is ${plan.kind}.`);
  return plan;
}

/** From each state, the states that can be reported next. */
const allowed: Partial<Record<JobStatus, JobStatus[]>> = {
  pending: ['running', 'completed', 'failed', 'paused', 'cancelling'],
  running: ['completed', 'failed', 'paused', 'cancelling'],
  paused: ['completed', 'failed', 'running', 'pending', 'cancelling'],
  recovering: ['completed', 'failed', 'paused', 'cancelling', 'running'],
  cancelling: ['cancelled'],
  failed: ['recovering'],
  completed: [],
  cancelled: [],
};
const everyStatus = Object.keys(allowed) as JobStatus[];

describe('a report of the status', () => {
  test.each(everyStatus.flatMap((from) => everyStatus.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    const job = externalJobSample({ status: from });
    const plan = planRequest(job, { ...producer, to }, moment);
    if (from === to) return expect(plan.kind).not.toBe('refused');
    if (allowed[from]?.includes(to)) return expect(plan).toMatchObject({ kind: 'change', next: { status: to } });
    return expect(plan).toEqual({ kind: 'refused', allowed: expect.arrayContaining(allowed[from] ?? []) });
  });

  test('that ends the job ends its progress and its wait, and tells so', () => {
    const job = externalJobSample({ status: 'running', external: { progress_percentage: 40, phase: 'rendering' } });
    const { next, events } = planned(job, { to: 'completed' });
    expect(viewJob(next)).toMatchObject({
      status: 'completed',
      finished_at: '2026-11-27T06:00:00.000Z',
      detailed_status: { current_phase: 'completed', progress_percentage: 100, active_tasks: 0 },
    });
    expect(next.external.stall_at).toBe(null);
    expect(events).toMatchObject([{ name: 'job.completed', data: { jobs: [{ progress_percentage: 100, total_tasks: 0 }] } }]);
  });

  test('that repeats the end changes nothing, and nothing else can be told of it', () => {
    const job = externalJobSample({ status: 'failed' });
    const fault = { code: 'net.timeout', message: 'm' };
    expect(planRequest(job, { ...producer, to: 'failed', fault }, moment).kind).toBe('nothing');
    expect(planRequest(job, { ...producer, fault }, moment).kind).toBe('refused');
    expect(planRequest(job, { ...producer, report: { progress_percentage: 1 } }, moment).kind).toBe('refused');
  });
});

describe('a report of the progress', () => {
  test('changes what it gives, raises the version and waits anew', () => {
    const job = externalJobSample({ status: 'running', external: { error_count: 2, active_tasks: 7, version: 4 } });
    const { next, events } = planned(job, { report: { current_phase: 'rendering', progress_percentage: 40 } });
    expect(viewJob(next)).toMatchObject({
      version: 5,
      detailed_status: { current_phase: 'rendering', progress_percentage: 40, active_tasks: 7, error_count: 2 },
    });
    expect(next.external.stall_at).toBe(moment.heard + 60_000);
    expect(events).toEqual([]);
  });

  test('never takes it back until the job is retried', () => {
    const job = externalJobSample({ status: 'running', external: { progress_percentage: 40 } });
    expect(planned(job, { report: { progress_percentage: 30 } }).next.external.progress_percentage).toBe(40);
    const failed = planned(job, { to: 'failed' }).next;
    const { next, events } = planned(failed, { to: 'recovering', isAsked: true, by: 'bob' });
    expect([next.external.progress_percentage, next.retries, next.finished_at]).toEqual([0, 1, null]);
    expect(events.map(({ name }) => name)).toEqual(['job.recovered', 'job.retry_requested']);
    expect(events[1]?.data).toEqual({ jobs: [{ job_id: job._id, status: 'recovering', by: 'bob', retry_count: 1 }] });
  });

  test('that comes again as the same message changes nothing', () => {
    const first = planned(externalJobSample({ status: 'running' }), { report: { progress_percentage: 1 }, mark: 'm1' });
    expect(planRequest(first.next, { ...producer, report: { progress_percentage: 1 }, mark: 'm1' }, moment).kind).toBe('nothing');
  });
});

describe('an error that is reported', () => {
  test('is counted and told, with what is too long cut', () => {
    const job = externalJobSample({ status: 'running', external: { faults: 2, error_count: 1 } });
    const { next, events } = planned(job, { fault: { code: 'smtp.451', message: 'x'.repeat(9_000), stack: 's' } });
    expect([next.error_types, viewJob(next).detailed_status.error_count]).toEqual([{ 'smtp.451': 1 }, 3]);
    expect(events).toMatchObject([
      { name: 'job.faulted', data: { jobs: [{ fault: 3, error_type: 'smtp.451', stack_trace: 's' }] } },
    ]);
    expect(JSON.stringify(events[0]?.data).length).toBeLessThan(2_500);
  });

  test('of ever new types does not let the job outgrow its record', () => {
    let job = externalJobSample({ status: 'running' });
    for (let index = 0; index < 250; index += 1) job = planned(job, { fault: { code: `t.${index}`, message: 'm' } }).next;
    expect([Object.keys(job.error_types).length, job.error_types['other']]).toEqual([201, 50]);
  });
});

describe('what a person asks for', () => {
  test('is told to the producer, whose silence counts from then on', () => {
    const job = externalJobSample({ status: 'running' });
    const { next, events } = planned(job, { to: 'cancelling', isAsked: true, by: 'bob' });
    expect(events).toMatchObject([{ name: 'job.cancel_requested', data: { jobs: [{ by: 'bob', status: 'cancelling' }] } }]);
    expect(next.external.stall_at).toBe(moment.heard + 60_000);
    expect(planned(job, { to: 'paused', isAsked: true }).next.external.stall_at).toBe(null);
  });
});

describe('a producer that is silent for too long', () => {
  test('fails the job as stalled, with an error of its own', () => {
    const plan = planStall(externalJobSample({ status: 'running' }), moment);
    expect(plan).toMatchObject({
      kind: 'change',
      next: { status: 'failed', error_types: { 'job.stalled': 1 } },
      events: [{ name: 'job.failed' }, { name: 'job.faulted', data: { jobs: [{ error_type: 'job.stalled' }] } }],
    });
  });

  test('is taken to have stopped a job that is being cancelled', () => {
    const plan = planStall(externalJobSample({ status: 'cancelling' }), moment);
    expect(plan).toMatchObject({ kind: 'change', next: { status: 'cancelled' }, events: [{ name: 'job.cancelled' }] });
  });
});
