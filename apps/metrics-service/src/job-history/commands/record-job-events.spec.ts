import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { factsOf, isAct, type JobEvent } from '../domain/job-event.js';
import type { JobCount, JobHistory, JobNews, NewestJobs } from '../domain/job-history.js';
import { joinRows, type JobRow } from '../domain/job-row.js';
import { stateOf } from '../domain/job-state.js';
import { RecordJobEvents, type Delivery } from './record-job-events.js';

const holdMs = 300;
const time = Date.parse('2026-03-02T00:00:00.000Z');

/** A history in memory that can be away, refuses rows, and counts its writes. */
class RememberedHistory implements JobHistory {
  readonly rows = new Map<string, JobRow>();
  writes = 0;
  away = false;
  /** Each write waits for it. */
  busy: Promise<void> = Promise.resolve();
  refuses: (row: JobRow) => boolean = () => false;

  async record(news: readonly JobNews[]): Promise<void> {
    await this.busy;
    if (this.away) throw Object.assign(new Error('The database is away.'), { name: 'MongoNetworkError' });
    if (news.some(({ row }) => this.refuses(row))) throw new Error('A row is refused.');
    for (const { row } of news) {
      this.writes += 1;
      const known = this.rows.get(row.job_id);
      this.rows.set(row.job_id, known ? joinRows(known, row) : row);
    }
  }

  async find(jobId: string): Promise<JobRow | null> {
    return this.rows.get(jobId) ?? null;
  }

  async between(): Promise<JobRow[]> {
    return [...this.rows.values()];
  }

  async newest(from: string): Promise<NewestJobs> {
    return { from, rows: [...this.rows.values()] };
  }

  async *read(): AsyncGenerator<JobRow, void, undefined> {
    yield* this.rows.values();
  }

  async count(): Promise<JobCount> {
    return { jobs: this.rows.size, isCapped: false };
  }
}

function created(...ids: string[]): JobEvent {
  const head = {
    type: 't',
    product_id: 'p',
    sending_group_id: 'g',
    user_id: 'u',
    tenant: 'default',
    priority: 5,
    max_parallel_tasks: null,
    retry_config: null,
    resource_limits: null,
    safety: 'idempotent' as const,
    labels: {},
    total_tasks: 1,
    created_at: new Date(time).toISOString(),
  };
  return { name: 'job.created', time, data: { jobs: ids.map((job_id) => ({ job_id, ...head })) } };
}

function completed(...ids: string[]): JobEvent {
  const ending = {
    status: 'completed' as const,
    started_at: new Date(time).toISOString(),
    finished_at: new Date(time).toISOString(),
    total_tasks: 1,
    task_counts: { succeeded: 1 },
    retries: 0,
    recovered: 0,
    first_try: 1,
    error_types: {},
    task_ms: null,
    submit_to_done_ms: null,
  };
  return { name: 'job.completed', time, data: { jobs: ids.map((job_id) => ({ job_id, ...ending })) } };
}

function setUp() {
  const history = new RememberedHistory();
  const log: string[] = [];
  const recording = new RecordJobEvents(history, {
    holdMs,
    onWritten: (rows) => log.push(`written ${rows}`),
  });
  const deliver = (name: string, event: JobEvent): Delivery => ({
    facts: factsOf(event),
    time,
    repeated: false,
    awaited: isAct(event),
    acknowledge: () => log.push(`ack ${name}`),
    fail: () => log.push(`fail ${name}`),
  });
  return { history, log, recording, deliver };
}

describe('recording job events', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('writes a quick job once, at its end, and acknowledges after the write', async () => {
    const { history, log, recording, deliver } = setUp();
    await recording.take([deliver('creation', created('a'))]);
    await jest.advanceTimersByTimeAsync(holdMs / 2);
    expect(log).toEqual([]);
    await recording.take([deliver('end', completed('a'))]);
    expect(log).toEqual([]);
    await jest.advanceTimersByTimeAsync(holdMs / 2 - 50);
    expect(log).toEqual(['written 1', 'ack creation', 'ack end']);
    expect(history.writes).toBe(1);
  });

  it('writes an unfinished job when its time is up', async () => {
    const { history, log, recording, deliver } = setUp();
    await recording.take([deliver('creation', created('a'))]);
    await jest.advanceTimersByTimeAsync(holdMs + 50);
    expect(log).toEqual(['written 1', 'ack creation']);
    await recording.take([deliver('end', completed('a'))]);
    await jest.advanceTimersByTimeAsync(100);
    expect(log.slice(2)).toEqual(['written 1', 'ack end']);
    expect(stateOf(history.rows.get('a') as JobRow).status).toBe('completed');
  });

  it('writes at once what a person has changed of a job under way, and holds what follows from its tasks', async () => {
    const { history, log, recording, deliver } = setUp();
    const job = { job_id: 'a', by: 'ada', status: 'paused' as const };
    await recording.take([deliver('creation', created('a', 'b'))]);
    await recording.take([deliver('pause', { name: 'job.paused', time, data: { jobs: [{ ...job, stopped: false }] } })]);
    await jest.advanceTimersByTimeAsync(100);
    expect(log).toEqual(['written 1', 'ack pause']);
    await recording.take([deliver('priority', { name: 'job.reprioritised', time, data: { jobs: [{ ...job, priority: 9 }] } })]);
    await jest.advanceTimersByTimeAsync(100);
    expect(log.slice(2)).toEqual(['written 1', 'ack priority']);
    const row = history.rows.get('a') as JobRow;
    expect([stateOf(row).status, row.priority?.priority]).toEqual(['paused', 9]);
    await jest.advanceTimersByTimeAsync(holdMs);
    expect(log.slice(4)).toEqual(['written 1', 'ack creation']);
  });

  it('acknowledges an event of many jobs when the last of them is safe', async () => {
    const { log, recording, deliver } = setUp();
    await recording.take([deliver('creation', created('a', 'b')), deliver('end', completed('a'))]);
    await jest.advanceTimersByTimeAsync(100);
    expect(log).toEqual(['written 1', 'ack end']);
    await jest.advanceTimersByTimeAsync(holdMs);
    expect(log.slice(2)).toEqual(['written 1', 'ack creation']);
  });

  it('fails an event when a fact of it could not be written', async () => {
    const { history, log, recording, deliver } = setUp();
    history.away = true;
    const deliveries = [deliver('creation', created('a', 'b')), deliver('end', completed('a'))];
    await recording.take(deliveries);
    await jest.advanceTimersByTimeAsync(100);
    history.away = false;
    await jest.advanceTimersByTimeAsync(holdMs);
    expect(log).toEqual(['fail end', 'written 1', 'fail creation']);
    await recording.take(deliveries);
    await recording.close();
    expect(history.rows.size).toBe(2);
    expect(stateOf(history.rows.get('a') as JobRow).status).toBe('completed');
  });

  it('lets a fact that is refused fail no event but its own, also where another is about the same job', async () => {
    const { history, log, recording, deliver } = setUp();
    history.refuses = ({ job_id, ending }) => job_id === 'b' && ending !== null;
    const ids = Array.from({ length: 40 }, (_, index) => `job ${index}`);
    await recording.take([
      deliver('creation', created('b')),
      ...ids.map((id) => deliver(id, completed(id))),
      deliver('end', completed('b')),
      deliver('both', completed('a', 'b')),
    ]);
    await recording.close();
    expect(log.filter((line) => line.startsWith('fail')).sort()).toEqual(['fail both', 'fail end']);
    expect(log.filter((line) => line.startsWith('ack')).sort()).toEqual(['ack creation', ...ids.map((id) => `ack ${id}`)].sort());
    expect([...history.rows.keys()].sort()).toEqual(['a', 'b', ...ids].sort());
  });

  it('is more patient in a flood', async () => {
    const { history, recording, deliver } = setUp();
    const ids = Array.from({ length: 2_000 }, (_, index) => `job ${index}`);
    await recording.take([deliver('creation', created(...ids))]);
    await jest.advanceTimersByTimeAsync(4 * holdMs);
    expect(history.writes).toBe(0);
    await recording.take([deliver('end', completed(...ids))]);
    await jest.advanceTimersByTimeAsync(100);
    expect(history.writes).toBe(2_000);
  });

  it('takes no more than a few thousand ended jobs while a write takes long, and all of them once it is over', async () => {
    const { history, recording, deliver } = setUp();
    let isDone = (): void => undefined;
    history.busy = new Promise((resolve) => (isDone = resolve));
    const events = Array.from({ length: 100 }, (_, n) =>
      completed(...Array.from({ length: 256 }, (_one, index) => `job ${n}.${index}`)),
    );
    let taken = 0;
    const taking = (async () => {
      for (const [n, event] of events.entries()) {
        await recording.take([deliver(`end ${n}`, event)]);
        taken += event.data.jobs.length;
      }
    })();
    await jest.advanceTimersByTimeAsync(10 * holdMs);
    expect(history.writes).toBe(0);
    expect(taken).toBeGreaterThan(1_000);
    expect(taken).toBeLessThan(5_000);
    isDone();
    await taking;
    await recording.close();
    expect(history.writes).toBe(100 * 256);
  });

  it('lets go of an event that says nothing', async () => {
    const { log, recording, deliver } = setUp();
    await recording.take([deliver('nothing', created())]);
    expect(log).toEqual(['ack nothing']);
  });

  it('does not wait for the end of jobs while too many events are open', async () => {
    const { history, recording, deliver } = setUp();
    await recording.take(Array.from({ length: 600 }, (_, index) => deliver(`creation ${index}`, created(`job ${index}`))));
    expect(history.rows.size).toBe(600);
  });

  it('writes the oldest unfinished jobs before their time when it holds too many', async () => {
    const { history, recording, deliver } = setUp();
    const ids = Array.from({ length: 35_000 }, (_, index) => `job ${index}`);
    await recording.take([deliver('creation', created(...ids))]);
    expect(history.rows.size).toBe(5_000);
    expect(history.rows.has('job 4999')).toBe(true);
  });

  it('writes all that it holds when it is closed', async () => {
    const { history, log, recording, deliver } = setUp();
    await recording.take([deliver('creation', created('a'))]);
    await recording.close();
    expect(log).toEqual(['written 1', 'ack creation']);
    expect(history.rows.size).toBe(1);
  });
});
