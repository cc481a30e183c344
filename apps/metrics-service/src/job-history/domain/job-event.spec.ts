import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { everyCount, type JobEnding } from '@kintsugi/contracts';
import { factsOf, foldJobEvents, type JobEvent } from './job-event.js';
import { emptyRow, joinRows, type JobRow } from './job-row.js';
import { pageOf } from '../mongo/history-page.js';
import { batchJobOf, runStatsOf, stateOf } from './job-state.js';

const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const startOfDay = Date.parse('2026-03-02T00:00:00.000Z');
const at = (ms: number): number => startOfDay + ms;
const text = (ms: number): string => new Date(at(ms)).toISOString();

function detail(phase: string, progress = 0) {
  return { current_phase: phase, progress_percentage: progress, active_tasks: 0, error_count: 0 };
}

function created(ms: number, id = jobId): JobEvent {
  const job = {
    job_id: id,
    type: 'smtp.send',
    product_id: 'p',
    sending_group_id: 'g',
    user_id: 'u',
    tenant: 'default',
    priority: 5,
    max_parallel_tasks: null,
    retry_config: null,
    resource_limits: null,
    safety: 'idempotent' as const,
    labels: { region: 'eu' },
    total_tasks: 2,
    created_at: text(ms),
  };
  return { name: 'job.created', time: at(ms), data: { jobs: [job] } };
}

function started(ms: number): JobEvent {
  return { name: 'job.started', time: at(ms), data: { jobs: [{ job_id: jobId, started_at: text(ms) }] } };
}

function progressed(ms: number, status: 'running' | 'recovering' | 'paused' | 'completed' = 'running', done = 1): JobEvent {
  const job = { job_id: jobId, status, total_tasks: 2, task_counts: { succeeded: done }, detailed_status: detail(status, 50) };
  return { name: 'job.progressed', time: at(ms), data: { jobs: [job] } };
}

function held(ms: number, status: 'paused' | 'running'): JobEvent {
  const job = { job_id: jobId, status, by: 'ann' };
  if (status === 'paused') return { name: 'job.paused', time: at(ms), data: { jobs: [{ ...job, stopped: false }] } };
  return { name: 'job.resumed', time: at(ms), data: { jobs: [job] } };
}

function recovered(ms: number): JobEvent {
  return { name: 'job.recovered', time: at(ms), data: { jobs: [{ job_id: jobId, status: 'recovering' }] } };
}

function ended(status: 'completed' | 'failed' | 'cancelled', ms: number, over: Partial<JobEnding> = {}): JobEvent {
  const job: JobEnding = {
    job_id: jobId,
    status,
    started_at: text(10),
    finished_at: text(ms),
    total_tasks: 2,
    task_counts: status === 'completed' ? { succeeded: 2 } : { succeeded: 1, dead: 1 },
    retries: 1,
    recovered: 1,
    first_try: 1,
    error_types: { 'smtp.451': 1 },
    task_ms: { p50_ms: 1, p99_ms: 2 },
    submit_to_done_ms: { p50_ms: 3, p99_ms: 4 },
    ...over,
  };
  return { name: `job.${status}`, time: at(ms), data: { jobs: [job] } };
}

function rowAfter(...events: JobEvent[]): JobRow {
  return foldJobEvents(new Map(), events).get(jobId) ?? emptyRow(jobId);
}

/** A whole life: failed, recovered, done; with progress told late and a start told again. */
const life: JobEvent[] = [
  created(0),
  { name: 'job.planned', time: at(5), data: { jobs: [{ job_id: jobId, total_tasks: 2 }] } },
  started(10),
  progressed(20),
  held(25, 'paused'),
  progressed(30, 'paused'),
  held(35, 'running'),
  { name: 'job.reprioritised', time: at(37), data: { jobs: [{ job_id: jobId, status: 'running', by: 'ann', priority: 8 }] } },
  ended('failed', 40),
  progressed(45),
  recovered(50),
  progressed(55, 'recovering'),
  started(60),
  progressed(70),
  ended('completed', 80),
  progressed(85),
];

describe('the facts of a job', () => {
  it('tell that it is paused until it goes on, whatever progress comes late', () => {
    const status = (...events: JobEvent[]): string => stateOf(rowAfter(created(0), ...events)).status;
    expect(status(held(10, 'paused'))).toBe('paused');
    expect(status(started(5), progressed(8), held(10, 'paused'))).toBe('paused');
    expect(status(held(10, 'paused'), progressed(12, 'paused'), held(20, 'running'))).toBe('running');
    expect(status(held(20, 'running'), held(10, 'paused'))).toBe('running');
    expect(status(held(10, 'paused'), ended('completed', 30))).toBe('completed');
    expect(status(ended('failed', 5), recovered(8), held(10, 'paused'))).toBe('paused');
  });

  it('give the same row in any order and any number of times', () => {
    const expected = rowAfter(...life);
    const shuffled = fc
      .array(fc.constantFrom(...life), { maxLength: life.length })
      .chain((copies) => fc.shuffledSubarray([...life, ...copies], { minLength: life.length + copies.length }));
    fc.assert(
      fc.property(shuffled, (events) => {
        expect(rowAfter(...events)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('give the same row however they were grouped before they met', () => {
    const groups = fc.array(fc.tuple(fc.constantFrom(...life), fc.integer({ min: 0, max: 3 })), { maxLength: 40 });
    fc.assert(
      fc.property(groups, (placed) => {
        const together = rowAfter(...placed.map(([event]) => event));
        const apart = [0, 1, 2, 3].map((group) =>
          rowAfter(...placed.filter(([, place]) => place === group).map(([event]) => event)),
        );
        expect(apart.reduce(joinRows, emptyRow(jobId))).toEqual(together);
        expect(apart.reduceRight((row, other) => joinRows(other, row), emptyRow(jobId))).toEqual(together);
      }),
    );
  });

  it('give the same row also when different facts share a millisecond', () => {
    const event = fc
      .record({ ms: fc.integer({ min: 0, max: 3 }), kind: fc.integer({ min: 0, max: 8 }), done: fc.integer({ min: 0, max: 2 }) })
      .map(({ ms, kind, done }) => {
        if (kind === 0) return created(0);
        if (kind === 1) return started(ms);
        if (kind === 2) return recovered(ms);
        if (kind === 3) return progressed(ms, 'paused', done);
        if (kind === 4) return progressed(ms, 'running', done);
        if (kind >= 7) return held(ms, kind === 7 ? 'paused' : 'running');
        return ended(kind === 5 ? 'failed' : 'completed', ms, { retries: done });
      });
    const twoOrders = fc
      .array(event, { maxLength: 12 })
      .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })));
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        expect(rowAfter(...other)).toEqual(rowAfter(...one));
        expect(stateOf(rowAfter(...other))).toEqual(stateOf(rowAfter(...one)));
      }),
      { numRuns: 500 },
    );
  });

  it('leave a row that knows them as it is', () => {
    const row = rowAfter(...life);
    for (const event of life) {
      for (const fact of factsOf(event)) expect(joinRows(row, fact)).toBe(row);
    }
  });

  it('are kept by job when an event lists several', () => {
    const other = `${jobId}.7`;
    const both: JobEvent = {
      name: 'job.started',
      time: at(9),
      data: { jobs: [jobId, other].map((id) => ({ job_id: id, started_at: text(9) })) },
    };
    const rows = foldJobEvents(foldJobEvents(new Map(), [created(0)]), [created(1, other), both]);
    expect([...rows.keys()]).toEqual([jobId, other]);
    expect(rows.get(other)).toMatchObject({ head: { created_at: at(1) }, first_started_at: at(9) });
  });

  it('are refused when a time is none', () => {
    expect(() => factsOf({ ...created(0), time: NaN })).toThrow('a time that is none');
    expect(() => factsOf(ended('failed', 5, { started_at: 'yesterday' }))).toThrow('a time that is none');
  });
});

describe('the state that the facts amount to', () => {
  it.each<[string, JobEvent[], string]>([
    ['a job that was only accepted', [created(0)], 'pending'],
    ['a started job', [created(0), started(10)], 'running'],
    ['a job whose end came before its creation', [ended('completed', 40)], 'completed'],
    [
      'a finished job of which progress is told late',
      [created(0), started(10), ended('completed', 40), progressed(45)],
      'completed',
    ],
    ['a finished job whose start is told again', [created(0), ended('completed', 40), started(10)], 'completed'],
    ['a recovered job', [created(0), ended('failed', 40), recovered(50)], 'recovering'],
    ['a recovered job with progress from before', [created(0), progressed(45), ended('failed', 40), recovered(50)], 'recovering'],
    ['a recovered job that runs', [created(0), ended('failed', 40), recovered(50), progressed(60)], 'running'],
    ['a recovered job that was started anew', [created(0), ended('failed', 40), recovered(50), started(60)], 'running'],
    ['a recovered job that ended again', [created(0), ended('failed', 40), recovered(50), ended('completed', 80)], 'completed'],
    ['a paused job', [created(0), started(10), progressed(20, 'paused')], 'paused'],
    ['a job whose progress says that it has ended', [created(0), started(10), progressed(20, 'completed')], 'running'],
  ])('%s', (_, events, status) => {
    expect(stateOf(rowAfter(...events)).status).toBe(status);
  });

  it('stays ended when the clocks of two replicas put the start after the end', () => {
    const row = rowAfter(created(0), started(43), ended('completed', 40, { started_at: text(43) }));
    expect(stateOf(row)).toMatchObject({ status: 'completed', finished_at: at(40), duration_ms: 0 });
  });

  it('orders endings by the clock that notes them, not by those of the workers', () => {
    const failedByFastClock = ended('failed', 40, { finished_at: text(5_000) });
    const row = rowAfter(created(0), failedByFastClock, recovered(50), ended('completed', 80));
    expect(stateOf(row)).toMatchObject({ status: 'completed', finished_at: at(80) });
  });

  it.each([-100 * 24 * 3_600_000, -3_600_000, 3_600_000])(
    'has times that can be, also by a clock that is off by %i ms',
    (offMs) => {
      const times = { started_at: text(10 + offMs), finished_at: text(30 + offMs) };
      const row = rowAfter(created(0), ended('completed', 40, times));
      const { finished_at, duration_ms } = stateOf(row);
      const startedAt = Date.parse(batchJobOf(row)?.started_at ?? '');
      expect(startedAt).toBeGreaterThanOrEqual(at(0));
      expect(finished_at).toBeGreaterThanOrEqual(startedAt);
      expect(finished_at).toBeLessThanOrEqual(at(40));
      expect(duration_ms).toBe((finished_at ?? 0) - startedAt);
      // What decides how long it is kept is when job-service noted its end.
      expect(pageOf('page', null, [{ row, text: '{}' }], 0).finished_at).toEqual(new Date(at(40)));
    },
  );

  it('counts a job without a finishing time as ended when the event says so', () => {
    expect(stateOf(rowAfter(created(0), ended('cancelled', 40, { started_at: null, finished_at: null })))).toMatchObject({
      status: 'cancelled',
      finished_at: at(40),
      duration_ms: null,
    });
  });

  it('keeps the tasks of the ending until progress is told after a recovery', () => {
    const state = stateOf(rowAfter(created(0), ended('failed', 40), recovered(50)));
    expect(state).toMatchObject({
      task_counts: { succeeded: 1, dead: 1 },
      detailed_status: { current_phase: 'recovering', progress_percentage: 100, active_tasks: 0, error_count: 1 },
      finished_at: null,
    });
  });

  it('counts the runs that failed, also those whose tasks have succeeded since', () => {
    const errorsOf = (over: Partial<JobEnding>): number =>
      stateOf(rowAfter(created(0), ended('completed', 40, over))).detailed_status.error_count;
    expect(errorsOf({ error_types: { 'smtp.451': 1_100, 'net.reset': 100 } })).toBe(1_200);
    expect(errorsOf({ error_types: {}, error_count: 2 })).toBe(2);
    expect(errorsOf({ error_types: {} })).toBe(0);
  });

  it('has the stats of its runs only while it has ended: those of an earlier end are not those of now', () => {
    const failed = [created(0), started(10), ended('failed', 40)];
    expect(runStatsOf(rowAfter(created(0), started(10)))).toBeNull();
    expect(runStatsOf(rowAfter(...failed))).toMatchObject({ retries: 1, recovered: 1, first_try: 1 });
    expect(runStatsOf(rowAfter(...failed, recovered(50)))).toBeNull();
  });

  it('is told as a job once its creation is known', () => {
    expect(batchJobOf(rowAfter(ended('completed', 40)))).toBeNull();
    expect(batchJobOf(rowAfter(...life))).toEqual({
      id: jobId,
      type: 'smtp.send',
      status: 'completed',
      product_id: 'p',
      sending_group_id: 'g',
      user_id: 'u',
      tenant: 'default',
      priority: 8,
      max_parallel_tasks: null,
      retry_config: null,
      resource_limits: null,
      safety: 'idempotent',
      labels: { region: 'eu' },
      detailed_status: { ...detail('completed', 100), error_count: 1 },
      total_tasks: 2,
      task_counts: everyCount({ succeeded: 2 }),
      created_at: text(0),
      started_at: text(10),
      finished_at: text(80),
    });
  });
});
