import { describe, expect, test } from '@jest/globals';
import type { QueuePlace } from './queue-place.js';
import { waitsOfJob, type JobSituation } from './waits-of-job.js';

const now = Date.parse('2026-11-27T06:00:00.000Z');
const created_at = '2026-11-27T05:00:00.000Z';

const alone = { sharing: 0, sharer: null };

const busy: QueuePlace = {
  workers: [{ id: 'w1', slots: 10, held: 10 }],
  draining: 0,
  hasRoom: false,
  resources: null,
  isSuspect: false,
  ahead: { tasks: 0, ofHigherPriority: 0, jobId: null, ...alone, isAll: true },
  pace: { meanMs: 1_000, spreadMs: 200 },
};

interface Given {
  job?: Partial<JobSituation['job']>;
  counts?: JobSituation['counts'];
  place?: Partial<QueuePlace>;
  freeSlots?: number;
  limits?: Partial<JobSituation['limits']>;
  inState?: JobSituation['inState'];
  awaited?: JobSituation['awaited'];
}

function waits({ job, counts, place, freeSlots, limits, inState, awaited }: Given) {
  const whole = { id: 'job_1', status: 'pending' as const, type: 'send', total_tasks: 100, max_parallel_tasks: null, created_at };
  return waitsOfJob(
    {
      job: { ...whole, ...job },
      counts: counts ?? { ready: 100 },
      freeSlots: freeSlots ?? Infinity,
      limits: { concurrency: null, rate: null, ...limits },
      place: { ...busy, ...place },
      inState: inState ?? new Map(),
      ...(awaited ? { awaited } : {}),
    },
    now,
  );
}

describe('a job with ready tasks waits', () => {
  test.each<[string, Given, object]>([
    [
      'for the jobs that hold its concurrency key',
      { limits: { concurrency: { key: 'crm', limit: 2, holders: ['job_7', 'job_8'] } }, place: { hasRoom: true } },
      { reason: 'CONCURRENCY_KEY', tasks: 100, holder: 'job_7, job_8', what: expect.stringContaining('crm, 2 tasks may run') },
    ],
    [
      'for the next token of its rate',
      { limits: { rate: { key: 'crm', perSecond: 0.5, dueMs: 1_500 } }, place: { hasRoom: true } },
      { reason: 'RATE_LIMIT', tasks: 100, eta_s: 1.5, eta_low_s: 1.5 },
    ],
    [
      'for who paused it, whatever else is',
      { job: { status: 'paused' }, place: { workers: [] } },
      { reason: 'PAUSED', tasks: 100 },
    ],
    [
      'for a worker, where none offers its type',
      { place: { workers: [] } },
      { reason: 'NO_WORKER', tasks: 100, since: created_at },
    ],
    [
      'for itself, where it runs as many as it may',
      { job: { status: 'running', max_parallel_tasks: 5 }, freeSlots: 0, place: { hasRoom: true } },
      { reason: 'MAX_PARALLEL', holder: 'job_1' },
    ],
    [
      'for a job of a higher priority',
      { place: { ahead: { tasks: 30, ofHigherPriority: 20, jobId: 'job_2', ...alone, isAll: true } } },
      { reason: 'PRIORITY', holder: 'job_2', what: expect.stringContaining('20 tasks of a higher priority go first') },
    ],
    [
      'for workers that are full',
      { place: { ahead: { tasks: 30, ofHigherPriority: 0, jobId: null, ...alone, isAll: true } } },
      { reason: 'WORKERS_FULL', holder: 'w1', what: expect.stringContaining('30 tasks are before it') },
    ],
    [
      'for room for what it may use',
      { place: { hasRoom: true, resources: { needs: { max_memory: 512, max_cpu: 2 }, isEver: true } } },
      { reason: 'RESOURCES', holder: 'w1', what: expect.stringContaining('512 MiB and 2 cores, and no worker has so much left') },
    ],
    [
      'for a worker that has what it may use, where none ever has',
      { place: { hasRoom: true, resources: { needs: { max_memory: 512, max_cpu: 2 }, isEver: false } } },
      { reason: 'RESOURCES', holder: null, do: expect.stringContaining('WORKER_MEMORY_MB') },
    ],
    [
      'for its turn among others of its priority',
      { place: { ahead: { tasks: 30, ofHigherPriority: 0, jobId: null, sharing: 3, sharer: 'job_4', isAll: false } } },
      { reason: 'FAIRNESS', holder: 'job_4', what: expect.stringContaining('takes turns with at least 3 others'), eta_s: null },
    ],
    [
      'for a job of a higher priority before its turn among others',
      { place: { ahead: { tasks: 30, ofHigherPriority: 1, jobId: 'job_2', sharing: 3, sharer: 'job_4', isAll: true } } },
      { reason: 'PRIORITY', holder: 'job_2', eta_s: 3.5 },
    ],
    ['for a worker of their own, when they are suspects', { place: { isSuspect: true } }, { reason: 'ISOLATION' }],
  ])('%s', (_, given, wait) => expect(waits(given)).toMatchObject([wait]));

  test('for nothing while a worker has room', () => expect(waits({ place: { hasRoom: true } })).toEqual([]));

  test('and hears of workers that are about to stop', () => {
    expect(waits({ place: { workers: [], draining: 2 } })[0]?.what).toContain('2 that did are about to stop');
  });
});

describe('the time until the first task can start', () => {
  const etaOf = (place: Partial<QueuePlace>, given: Given = {}) => waits({ ...given, place })[0];

  test('grows with what goes first, and shrinks with slots', () => {
    const behind = (tasks: number) => ({ ahead: { tasks, ofHigherPriority: 0, jobId: null, ...alone, isAll: true } });
    expect(etaOf(behind(0))?.eta_s).toBe(0.5);
    expect(etaOf(behind(100))?.eta_s).toBe(10.5);
    expect(etaOf({ ...behind(100), workers: [{ id: 'w', slots: 20, held: 20 }] })?.eta_s).toBe(5.5);
  });

  test('lies between its bounds', () => {
    const { eta_s, eta_low_s, eta_high_s } =
      etaOf({ ahead: { tasks: 50, ofHigherPriority: 0, jobId: null, ...alone, isAll: true } }) ?? {};
    expect(eta_low_s).toBeLessThan(eta_s as number);
    expect(eta_high_s).toBeGreaterThan(eta_s as number);
  });

  test.each<[string, Partial<QueuePlace>]>([
    ['no task of the queue has ended', { pace: null }],
    ['more goes first than is in memory', { ahead: { tasks: 5, ofHigherPriority: 0, jobId: null, ...alone, isAll: false } }],
  ])('is not told where %s', (_, place) => {
    expect(etaOf(place)).toMatchObject({ reason: 'WORKERS_FULL', eta_s: null, eta_low_s: null, eta_high_s: null });
  });
});

describe('what has failed waits', () => {
  test('until it is tried again', () => {
    const inState = new Map([['waiting_retry' as const, { firstDue: now + 4_000, lastDue: now + 60_000, since: now - 1_000 }]]);
    expect(waits({ job: { status: 'running' }, counts: { running: 1, waiting_retry: 3 }, inState })).toMatchObject([
      { reason: 'RETRY_DELAY', tasks: 3, eta_s: 4, eta_high_s: 60, since: '2026-11-27T05:59:59.000Z' },
    ]);
  });

  test.each([
    ['quarantined', 'QUARANTINED'],
    ['outcome_unknown', 'OUTCOME_UNKNOWN'],
  ] as const)('for a person when it is %s, also after the job has ended', (state, reason) => {
    const [wait, ...others] = waits({ job: { status: 'failed' }, counts: { succeeded: 99, [state]: 1 } });
    expect(wait).toMatchObject({ reason, tasks: 1, do: expect.stringContaining('./kintsugi errors --job job_1') });
    expect(others).toEqual([]);
  });
});

test('a job without tasks yet waits for who plans it', () => {
  const planned = { job: { total_tasks: null }, counts: {} };
  expect(waits(planned)).toMatchObject([{ reason: 'PLANNING', tasks: null, holder: 'w1' }]);
  expect(waits({ ...planned, place: { workers: [] } })).toMatchObject([{ reason: 'NO_WORKER', tasks: null }]);
});

describe('a job that goes after others waits', () => {
  const waits_for = ['job_7', 'job_8', 'job_9', 'job_10'];
  const job = { status: 'scheduled' as const, waits_for };
  const awaited = new Map([['job_7', 'running' as const]]);

  test('for those, the first of which are named as they stand', () => {
    expect(waits({ job, awaited })).toMatchObject([
      {
        reason: 'DEPENDENCY',
        tasks: 100,
        holder: 'job_7, job_8, job_9 and 1 more',
        what: 'The job waits for 4 others to end: job_7 (running), job_8, job_9 and 1 more.',
      },
    ]);
  });

  test('for its time as well, while that has not come', () => {
    const run_at = new Date(now + 5_000).toISOString();
    expect(waits({ job: { ...job, run_at } }).map(({ reason }) => reason)).toEqual(['DEPENDENCY', 'SCHEDULED']);
    expect(waits({ job: { ...job, run_at: created_at } }).map(({ reason }) => reason)).toEqual(['DEPENDENCY']);
  });
});

test('one task is told of as one', () => {
  expect(waits({ job: { status: 'paused' }, counts: { ready: 1 } })[0]?.what).toBe('1 task waits: the job is paused.');
  const ahead = { tasks: 1, ofHigherPriority: 1, jobId: 'job_2', ...alone, isAll: true };
  expect(waits({ counts: { ready: 1 }, place: { ahead } })[0]?.what).toBe(
    '1 task waits: there is no room at 1 worker with 10 slots, and 1 task of a higher priority goes first.',
  );
});

test('a job that has ended well, and one whose tasks run, wait for nothing', () => {
  expect(waits({ job: { status: 'completed' }, counts: { succeeded: 100 } })).toEqual([]);
  expect(waits({ job: { status: 'running' }, counts: { running: 10, leased: 0 } })).toEqual([]);
});
