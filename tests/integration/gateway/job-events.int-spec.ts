import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventStreamExtent } from '@kintsugi/messaging';
import { eventually } from '@kintsugi/testing';
import { FollowedJobs, bundledJobIds, tasksDone, unknownJobId } from './followed-jobs.js';
import { GatewayUnderTest, jobId } from './gateway-under-test.js';

let under: GatewayUnderTest;
let jobs: FollowedJobs;

beforeAll(async () => {
  under = await GatewayUnderTest.start({ MAX_EVENT_CLIENTS: '20' });
  jobs = new FollowedJobs(under);
});

afterAll(() => under.stop());

afterEach(() => jobs.stop());

describe('who follows a job', () => {
  it('gets the job as it is, then each of its events with its time and place, and nothing of other jobs', async () => {
    const { events, until } = jobs.follow();
    await until('snapshot');
    expect(events[0]).toMatchObject({ data: { id: jobId, status: 'running' } });
    await jobs.progress(`${jobId}.9`, 1);
    await jobs.progress(jobId, 2);
    await until('snapshot', 'job.progressed');
    const { lastSequence, lastTakenMs } = await eventStreamExtent(under.bus);
    expect(events[1]).toMatchObject({
      id: `${lastSequence}-${lastTakenMs}`,
      data: { job_id: jobId, task_counts: { succeeded: 2 }, time: expect.any(String) },
    });
  });

  it('gets all failed tasks of its job in one event', async () => {
    const { events, until } = jobs.follow();
    await until('snapshot');
    const task = (job_id: string, index: number) => ({
      task_id: `task_${jobId.slice(4)}.0.${index}`,
      job_id,
      job_type: 't',
      safety: 'idempotent' as const,
      attempt: 1,
      failures: 1,
      error_type: 'smtp.550',
      error_message: 'no such user',
      non_retryable: true,
      retry_after_ms: null,
      failed_at: '2026-03-01T00:00:00.000Z',
      retry_config: null,
    });
    await jobs.publish('task.failed', { tasks: [task(jobId, 0), task(unknownJobId, 1), task(jobId, 2)] });
    await until('snapshot', 'task.failed');
    expect(events[1]).toMatchObject({
      data: { job_id: jobId, tasks: [{ task_id: task(jobId, 0).task_id }, { task_id: task(jobId, 2).task_id }] },
    });
  });

  it('shares an event of many bundled jobs with those who follow the others', async () => {
    const followed = bundledJobIds.map((id) => jobs.follow(id));
    for (const { until } of followed) await until('snapshot');
    await jobs.end('job.completed', ...bundledJobIds);
    for (const { until, done, events } of followed) {
      await until('snapshot', 'job.completed');
      await done;
      expect(events[1]).toMatchObject({ data: { job_id: bundledJobIds[followed.findIndex((one) => one.events === events)] } });
    }
  });

  it.each(['job.completed', 'job.cancelled'] as const)('is told the end after %s', async (name) => {
    const { until, done } = jobs.follow();
    await until('snapshot');
    await jobs.end(name, jobId);
    await done;
    await until('snapshot', name);
  });

  it('stays with a failed job that may recover, unless it asked for less', async () => {
    const patient = jobs.follow();
    const hasty = jobs.follow(jobId, { until: 'finished' });
    await patient.until('snapshot');
    await hasty.until('snapshot');
    await jobs.end('job.failed', jobId);
    await hasty.done;
    await jobs.publish('job.recovered', { jobs: [{ job_id: jobId, status: 'recovering' }] });
    await patient.until('snapshot', 'job.failed', 'job.recovered');
    expect(hasty.names()).toEqual(['snapshot', 'job.failed']);
  });

  it('of a job that is over gets its snapshot and the end', async () => {
    jobs.status = 'completed';
    const { done, names } = jobs.follow();
    await done;
    expect(names()).toEqual(['snapshot']);
  });

  it('is refused for a job that is not there, for an id that is none, and for a place that is none', async () => {
    await expect(jobs.follow(unknownJobId).done).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(jobs.follow('nonsense').done).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    const reply = await under.fetch(`/v1/jobs/${jobId}/events`, { headers: { 'last-event-id': 'x' } });
    expect(reply).toMatchObject({ status: 400, problem: { code: 'HEADER_INVALID' } });
  });

  it('is refused beyond the number of clients', async () => {
    const all = Array.from({ length: 20 }, () => jobs.follow());
    for (const { until } of all) await until('snapshot');
    const reply = await under.fetch(`/v1/jobs/${jobId}/events`, { key: under.keys.viewer });
    expect(reply).toMatchObject({ status: 503, problem: { code: 'OVERLOADED' } });
  });
});

describe('who comes back', () => {
  it('gets what it missed, in order and once, and then what happens', async () => {
    const before = await eventStreamExtent(under.bus);
    for (const done of [1, 2, 3]) {
      await jobs.progress(jobId, done);
      await jobs.progress(`${jobId}.9`, done);
    }
    const { events, until } = jobs.follow(jobId, { lastEventId: String(before.lastSequence + 1) });
    await until('job.progressed', 'job.progressed');
    await jobs.progress(jobId, 4);
    await until('job.progressed', 'job.progressed', 'job.progressed');
    expect(events.map(tasksDone)).toEqual([2, 3, 4]);
  });

  it('is told the end that it missed', async () => {
    const before = await eventStreamExtent(under.bus);
    await jobs.end('job.completed', jobId);
    jobs.status = 'completed';
    const missed = jobs.follow(jobId, { lastEventId: String(before.lastSequence) });
    await missed.done;
    expect(missed.names()).toEqual(['job.completed']);
    const late = jobs.follow(jobId, { lastEventId: String(before.lastSequence + 1) });
    await late.done;
    expect(late.names()).toEqual([]);
  });

  it('to a job that is over, knowing its end, gets 204: an EventSource then stays away', async () => {
    const before = await eventStreamExtent(under.bus);
    await jobs.end('job.completed', jobId);
    jobs.status = 'completed';
    const first = await under.fetch(`/v1/jobs/${jobId}/events`);
    expect(first).toMatchObject({ status: 200, text: expect.stringMatching(/event: snapshot[^]*event: end/) });
    const ids = [...first.text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '');
    const comesBack = (lastEventId: string) =>
      under.fetch(`/v1/jobs/${jobId}/events`, { headers: { 'last-event-id': lastEventId } });
    expect(await comesBack(ids.at(-1) ?? '')).toMatchObject({ status: 204, text: '' });
    await jobs.progress(`${jobId}.9`, 1);
    expect(await comesBack(ids.at(-1) ?? '')).toMatchObject({ status: 204, text: '' });
    expect(await comesBack(String(before.lastSequence))).toMatchObject({
      status: 200,
      text: expect.stringMatching(/event: job.completed[^]*event: end/),
    });
  });

  it('from a stream that was made again since starts afresh', async () => {
    await jobs.progress(jobId, 1);
    const { lastSequence, lastTakenMs } = await eventStreamExtent(under.bus);
    await jobs.follow(jobId, { lastEventId: `${lastSequence}-${lastTakenMs - 1}` }).until('reset', 'snapshot');
  });

  it('with a place beyond the end starts afresh', async () => {
    await jobs.follow(jobId, { lastEventId: '999999999' }).until('reset', 'snapshot');
  });

  it('with a place that is gone starts afresh', async () => {
    await jobs.progress(jobId, 1);
    const manager = await under.bus.manager();
    await manager.streams.purge('EVENTS');
    await jobs.follow(jobId, { lastEventId: '1' }).until('reset', 'snapshot');
  });

  it('gets also much that it missed, at its own pace', async () => {
    const before = await eventStreamExtent(under.bus);
    const phase = 'x'.repeat(5_000);
    for (let done = 1; done <= 800; done += 1) await jobs.progress(jobId, done, phase);
    const { events } = jobs.follow(jobId, { lastEventId: String(before.lastSequence) });
    await eventually(() => expect(events).toHaveLength(800));
    expect(events.map(tasksDone)).toEqual(Array.from({ length: 800 }, (_, index) => index + 1));
  });

  it('starts afresh when it missed too much', async () => {
    const before = await eventStreamExtent(under.bus);
    const phase = 'x'.repeat(100_000);
    for (let done = 1; done <= 100; done += 1) await jobs.progress(jobId, done, phase);
    await jobs.follow(jobId, { lastEventId: String(before.lastSequence) }).until('reset', 'snapshot');
  });

  it('misses nothing while events pour in', async () => {
    const before = await eventStreamExtent(under.bus);
    const count = 300;
    const pouring = (async () => {
      for (let done = 1; done <= count; done += 1) await jobs.progress(jobId, done);
    })();
    const followed = [0, 1, 2, 3].map(() => jobs.follow(jobId, { lastEventId: String(before.lastSequence) }));
    await pouring;
    for (const { events } of followed) {
      await eventually(() => expect(events.map(tasksDone)).toEqual(Array.from({ length: count }, (_, index) => index + 1)));
    }
  });
});
