import { describe, expect, test } from '@jest/globals';
import type { BatchJob } from '@kintsugi/contracts';
import {
  violationsOfEnds,
  violationsOfJobs,
  violationsOfRuns,
  type Outage,
  type ProducedJob,
  type RecordedRun,
} from './invariants.js';

const job = (change: Partial<ProducedJob> = {}): ProducedJob => ({
  ...{ key: 'k', jobId: 'job_1', repeats: [], tasks: 1, safety: 'keyed' },
  ...change,
});
const run = (change: Partial<RecordedRun> = {}): RecordedRun => ({
  ...{ taskId: 'task_1', jobId: 'job_1', runKey: 'task_1', attempt: 1, pid: 10, at: 1_000, toldToFail: false },
  ...change,
});
const deathOf = (pid: number, from: number): Outage => ({ pid, from, until: Infinity });
const promisesOf = (violations: { promise: string }[]) => violations.map(({ promise }) => promise);
const found = (status: string, succeeded = 1) =>
  new Map([['job_1', { id: 'job_1', status, created_at: created, task_counts: { succeeded } } as unknown as BatchJob]]);
const created = new Date(900).toISOString();

describe('runs', () => {
  test.each<[string, RecordedRun[], Outage[]]>([
    ['one', [run()], []],
    ['a second after the first failed', [run({ toldToFail: true }), run({ attempt: 2, at: 2_000 })], []],
    ['a second after the first lost its worker', [run(), run({ attempt: 2, pid: 11, at: 2_000 })], [deathOf(10, 1_500)]],
    [
      'a second after the first had its worker paused',
      [run(), run({ attempt: 2, pid: 11, at: 9_000 })],
      [{ pid: 10, from: 1_100, until: 8_000 }],
    ],
    [
      'a first that a paused worker begins after the second has begun elsewhere',
      [run({ attempt: 2, pid: 11, at: 3_000 }), run({ at: 3_600 })],
      [{ pid: 10, from: 500, until: 3_500 }],
    ],
  ])('%s: nothing is broken', (_about, runs, outages) => {
    expect(violationsOfRuns(runs, [job()], outages)).toEqual([]);
  });

  test.each<[string, RecordedRun[], Outage[], ProducedJob]>([
    ['an attempt is given to one worker, once', [run(), run({ pid: 11, at: 2_900 })], [deathOf(10, 1_100)], job()],
    ['a task whose worker lived is not run again', [run(), run({ attempt: 2, at: 2_000 })], [deathOf(11, 1_500)], job()],
    ['a task whose worker lived is not run again', [run(), run({ attempt: 2, at: 2_000 })], [deathOf(10, 2_500)], job()],
    [
      'an unsafe task is never run again',
      [run(), run({ attempt: 2, pid: 11, at: 2_000 })],
      [deathOf(10, 1_500)],
      job({ safety: 'unsafe' }),
    ],
    ['a keyed task has one run key', [run({ toldToFail: true }), run({ attempt: 2, runKey: 'other', at: 2_000 })], [], job()],
  ])('%s', (promise, runs, outages, produced) => {
    expect(promisesOf(violationsOfRuns(runs, [produced], outages))).toContain(promise);
  });
});

describe('jobs', () => {
  test('that are accepted are there, each once a key, and no other runs', () => {
    expect(violationsOfJobs([job({ repeats: ['job_1'] })], found('running'), [run()])).toEqual([]);
    expect(promisesOf(violationsOfJobs([job()], new Map([['job_1', null]]), []))).toEqual(['no accepted job is lost']);
    expect(promisesOf(violationsOfJobs([job({ repeats: ['job_2'] })], found('running'), []))).toEqual([
      'one idempotency key makes one job',
    ]);
    expect(promisesOf(violationsOfJobs([job()], found('running'), [run({ jobId: 'job_9' })]))).toEqual([
      'nothing exists that nobody asked for',
    ]);
  });

  test('of which no answer came may exist', () => {
    expect(violationsOfJobs([job({ jobId: null })], new Map(), [run({ jobId: 'job_9' })])).toEqual([]);
  });

  test('end with every task done; an unsafe one may wait for a person where its worker was lost', () => {
    const endsOf = (produced: ProducedJob, jobs: ReturnType<typeof found>, outages: Outage[] = []) =>
      promisesOf(violationsOfEnds([produced], jobs, [run()], outages));
    expect(endsOf(job(), found('completed'))).toEqual([]);
    expect(endsOf(job(), found('running'))).toHaveLength(1);
    expect(endsOf(job(), found('completed', 0))).toHaveLength(1);
    expect(endsOf(job({ safety: 'unsafe' }), found('failed', 0))).toHaveLength(1);
    expect(endsOf(job({ safety: 'unsafe' }), found('failed', 0), [deathOf(10, 1_200)])).toEqual([]);
    expect(endsOf(job(), found('failed', 0), [deathOf(10, 1_200)])).toHaveLength(1);
  });

  test('end also where a worker died between being given an unsafe task and telling of its run', () => {
    const endsOf = (tasks: number, outages: Outage[]) =>
      promisesOf(violationsOfEnds([job({ safety: 'unsafe', tasks })], found('failed'), [run()], outages));
    expect(endsOf(2, [deathOf(11, 1_200)])).toEqual([]);
    expect(endsOf(1, [deathOf(11, 1_200)])).toHaveLength(1);
    expect(endsOf(2, [{ pid: 11, from: 100, until: 800 }])).toHaveLength(1);
    expect(endsOf(2, [])).toHaveLength(1);
  });
});
