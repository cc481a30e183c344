import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Metrics } from '@kintsugi/observability';
import type { JobOutboxEntry } from '../jobs/domain/job.js';
import type { JobOutbox } from '../jobs/job-outbox.js';
import { externalJobSample } from './domain/external-job-sample.js';
import { ExternalJobs } from './external-jobs.js';
import { ExternalRecordsInMemory } from './external-records-in-memory.js';
import { HeardClock } from './heard-clock.js';
import { HeardTimesInMemory } from './heard-times.js';

const producer = { by: 'ada', isAsked: false };
const { _id: jobId } = externalJobSample();

let records: ExternalRecordsInMemory;
let times: HeardTimesInMemory;
let hearing: { now: number; hearsSince: number };
let published: string[];

/** A process of the service, over what the one before has kept. */
async function started(): Promise<ExternalJobs> {
  const heard = new HeardClock(hearing, times);
  await heard.start();
  const outbox = { publish: (_jobId: string, event: JobOutboxEntry) => published.push(event.name) } as unknown as JobOutbox;
  const jobs = new ExternalJobs(records, outbox, heard, { count: () => undefined } as unknown as Metrics, {
    now: () => Date.now(),
  });
  await jobs.start();
  return jobs;
}

beforeEach(() => {
  records = new ExternalRecordsInMemory();
  times = new HeardTimesInMemory();
  hearing = { now: 0, hearsSince: 0 };
  published = [];
});

const statusOf = async () => (await records.find(jobId))?.status;

describe('silence', () => {
  test('counts from the last report, in time in which it could be heard', async () => {
    const jobs = await started();
    await jobs.accept(externalJobSample());
    hearing.now = 59_999;
    expect(await jobs.endSilent(10)).toBe(0);
    await jobs.request(jobId, { ...producer, to: 'running' });
    hearing.now = 60_000;
    expect(await jobs.endSilent(10)).toBe(0);
    hearing.now = 119_999;
    expect(await jobs.endSilent(10)).toBe(1);
    expect([await statusOf(), published.slice(-2)]).toEqual(['failed', ['job.failed', 'job.faulted']]);
    expect(jobs.areAwaited).toBe(false);
  });

  test('goes on counting after a restart, and not while nobody could hear', async () => {
    const first = await started();
    await first.accept(externalJobSample());
    hearing.now = 40_000;
    await new HeardClock(hearing, times).save();
    // The next process begins to hear anew, whenever it is started.
    hearing.now = 0;
    const second = await started();
    hearing.now = 19_999;
    expect(await second.endSilent(10)).toBe(0);
    hearing.now = 20_000;
    expect(await second.endSilent(10)).toBe(1);
    expect(await statusOf()).toBe('failed');
  });

  test('does not count while a person holds the job', async () => {
    const jobs = await started();
    await jobs.accept(externalJobSample());
    await jobs.request(jobId, { to: 'paused', by: 'bob', isAsked: true });
    hearing.now = 1e9;
    expect(await jobs.endSilent(10)).toBe(0);
    await jobs.request(jobId, { to: 'pending', by: 'bob', isAsked: true });
    hearing.now += 59_999;
    expect(await jobs.endSilent(10)).toBe(0);
    hearing.now += 1;
    expect(await jobs.endSilent(10)).toBe(1);
  });

  test('is not of a producer whose report is being taken in', async () => {
    const jobs = await started();
    await jobs.accept(externalJobSample());
    hearing.now = 60_000;
    const report = jobs.request(jobId, { ...producer, to: 'running' });
    await jobs.endSilent(10);
    expect((await report)?.kind).toBe('changed');
    expect(await statusOf()).toBe('running');
  });
});

describe('reports', () => {
  test('of one job are taken in one after the other, as they came', async () => {
    const jobs = await started();
    await jobs.accept(externalJobSample());
    const outcomes = await Promise.all(
      (['running', 'paused', 'running', 'completed'] as const).map((to) => jobs.request(jobId, { ...producer, to })),
    );
    expect(outcomes.map((outcome) => outcome?.kind)).toEqual(['changed', 'changed', 'changed', 'changed']);
    expect(published).toEqual(['job.started', 'job.paused', 'job.resumed', 'job.completed']);
  });

  test('for another version than the job has change nothing', async () => {
    const jobs = await started();
    await jobs.accept(externalJobSample());
    await jobs.request(jobId, { ...producer, to: 'running' }, 1);
    expect(await jobs.request(jobId, { ...producer, to: 'completed' }, 1)).toMatchObject({ kind: 'another version' });
    expect(await statusOf()).toBe('running');
    expect(await jobs.request('job_2', { ...producer, to: 'running' })).toBe(null);
  });
});
