import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ProblemError,
  subjects,
  type Actor,
  type BatchJob,
  type JobInfo,
  type RunStats,
  type Task,
  type TaskPage,
} from '@kintsugi/contracts';
import { actorOf, callAction, readRequest, replyWithProblem, replyWithResult, type Subscription } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { JobEventTeller, newJobId } from './job-events.js';
import { startMetricsService, type MetricsServiceUnderTest } from './metrics-service-under-test.js';

let servers: TestServers;
let service: MetricsServiceUnderTest;
let events: JobEventTeller;
let answering: Subscription[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  service = await startMetricsService(servers);
  events = new JobEventTeller(service.bus);
});

afterEach(async () => {
  await Promise.all(answering.map((subscription) => subscription.drain()));
  answering = [];
});

afterAll(async () => {
  await service.stop();
  await servers.stop();
});

/** Who asked job-service, the last one at the end. */
const askers: Actor[] = [];

/** Answers in job-service's place. */
async function answer(action: 'getJob' | 'listTasks', reply: (data: never) => unknown): Promise<void> {
  const subscription = service.bus.subscribe(subjects.request('job', action), (message) => {
    askers.push(actorOf(message));
    try {
      replyWithResult(message, reply(readRequest(message) as never));
    } catch (error) {
      replyWithProblem(
        message,
        error,
        () => undefined,
        () => false,
      );
    }
  });
  answering.push(subscription);
  await service.bus.connection.flush();
}

function liveJob(jobId: string, over: Partial<BatchJob> = {}): BatchJob {
  const { job_id: id, ...head } = events.head(jobId, 0);
  return {
    id,
    ...head,
    status: 'running',
    detailed_status: { current_phase: 'running', progress_percentage: 50, active_tasks: 2, error_count: 0 },
    task_counts: { succeeded: 2, running: 2 },
    started_at: events.at(10),
    finished_at: null,
    run_stats: runStats,
    ...over,
  };
}

function task(jobId: string, index: number, state: string, logs?: string[]): Task {
  return {
    id: `task_${jobId.slice(4)}.0.${index}`,
    key: null,
    job_id: jobId,
    type: 'smtp.send',
    state,
    attempts: 1 + index,
    started_at: null,
    finished_at: null,
    duration_ms: null,
    next_attempt_at: null,
    payload: null,
    result: null,
    error: null,
    ...(logs ? { logs } : {}),
  };
}

function info(jobId: string, options: Record<string, boolean> = {}): Promise<JobInfo> {
  return callAction(service.bus, 'getJobInfo', { job_id: jobId, ...options });
}

it('asks job-service for whoever asks it, each time', async () => {
  const actor: Actor = { key: 'ada', name: 'ada', role: 'viewer', tenant: null, door: 'http', address: '10.0.0.7' };
  const jobId = newJobId();
  await answer('getJob', () => liveJob(jobId));
  await answer('listTasks', () => ({ items: [], next_cursor: null }));
  askers.length = 0;
  const asked = { job_id: jobId, include_task_details: true, include_logs: true };
  await callAction(service.bus, 'getJobInfo', asked, { origin: { actor, requestId: 'asked-1' } });
  expect(askers.length).toBeGreaterThanOrEqual(3);
  expect(new Set(askers.map(({ name }) => name))).toEqual(new Set(['ada']));
});

async function problemOf(request: Promise<unknown>): Promise<string> {
  const error = await request.catch((thrown: unknown) => thrown);
  return error instanceof ProblemError ? error.code : String(error);
}

async function remembered(jobId: string): Promise<void> {
  await events.created(0, [events.head(jobId, 0)]);
  await events.ended('completed', 2_010, [jobId]);
  await eventually(async () => {
    expect(await service.row(jobId)).toMatchObject({ status: 'completed' });
  });
}

const runStats: RunStats = {
  retries: 5_000,
  recovered: 700,
  first_try: 1,
  task_ms: { p50_ms: 4, p99_ms: 8 },
  submit_to_done_ms: { p50_ms: 40, p99_ms: 80 },
};

const metricsOfEnding = {
  duration_ms: 2_000,
  throughput_per_s: 2,
  task_ms_p50: 5,
  task_ms_p99: 9,
  submit_to_done_ms_p50: 50,
  submit_to_done_ms_p99: 90,
  cpu_cores: null,
  memory_mib: null,
  retries: 2,
  recovered: 1,
  first_try_share: 0.75,
};

describe('the answer about a job', () => {
  it('is what job-service says, and nothing that was not asked for', async () => {
    const jobId = newJobId();
    await answer('getJob', ({ job_id }) => liveJob(job_id));
    const askedAt = new Date().toISOString();
    const { as_of, ...told } = await info(jobId);
    const { run_stats: _, ...job } = liveJob(jobId);
    expect(told).toEqual({ ...job, source: 'live' });
    expect(as_of >= askedAt && as_of <= new Date().toISOString()).toBe(true);
  });

  it('names the place to follow the job', async () => {
    const jobId = newJobId();
    await answer('getJob', ({ job_id }) => liveJob(job_id));
    expect(await info(jobId, { real_time: true })).toMatchObject({
      events_url: `/v1/jobs/${jobId}/events`,
      live_url: `/v1/stream?topics=job:${jobId}`,
    });
  });

  it('holds the page of tasks that was asked for', async () => {
    const jobId = newJobId();
    const asked: unknown[] = [];
    await answer('getJob', ({ job_id }) => liveJob(job_id));
    await answer('listTasks', (data) => {
      asked.push(data);
      return { items: [task(jobId, 7, 'dead')], next_cursor: 'after-7' };
    });
    const page = { state: 'dead', limit: 1, cursor: 'after-6' };
    const told = await callAction(service.bus, 'getJobInfo', { job_id: jobId, include_task_details: true, task_details: page });
    expect(told.task_details).toMatchObject({ items: [{ state: 'dead' }], next_cursor: 'after-7' });
    expect(asked).toEqual([{ job_id: jobId, ...page }]);
    const refused = callAction(service.bus, 'getJobInfo', { job_id: jobId, task_details: page });
    expect(await problemOf(refused)).toBe('VALIDATION_FAILED');
  });

  it('tells of a job that runs what its runs add up to now', async () => {
    const jobId = newJobId();
    const startedAt = new Date(Date.now() - 4_000).toISOString();
    await answer('getJob', ({ job_id }) => liveJob(job_id, { started_at: startedAt }));
    const { metrics } = await info(jobId, { include_metrics: true });
    expect(metrics).toMatchObject({ retries: 5_000, recovered: 700, first_try_share: 0.5 });
    expect(metrics).toMatchObject({ task_ms_p50: 4, submit_to_done_ms_p99: 80, cpu_cores: null, memory_mib: null });
    expect(metrics?.duration_ms).toBeGreaterThanOrEqual(4_000);
    expect(metrics?.throughput_per_s).toBeLessThanOrEqual(0.5);
  });

  it('tells of a job that was recovered what its runs add up to now, and not what they did at its end', async () => {
    const jobId = newJobId();
    await remembered(jobId);
    await answer('getJob', ({ job_id }) => liveJob(job_id, { status: 'recovering' }));
    expect((await info(jobId, { include_metrics: true })).metrics).toMatchObject({ retries: 5_000, recovered: 700 });
  });

  it('lists tasks, and the logs of those in trouble first', async () => {
    const jobId = newJobId();
    const page: TaskPage = {
      items: [task(jobId, 0, 'succeeded', ['sent']), task(jobId, 1, 'succeeded'), task(jobId, 2, 'dead', ['a', 'b'])],
      next_cursor: 'more',
    };
    const dead: TaskPage = { items: [task(jobId, 2, 'dead', ['a', 'b']), task(jobId, 9, 'dead', ['c'])], next_cursor: null };
    await answer('getJob', ({ job_id }) => liveJob(job_id, { task_counts: { succeeded: 8, dead: 2 } }));
    await answer('listTasks', ({ state }: { state?: string }) => (state === 'dead' ? dead : page));
    const told = await info(jobId, { include_task_details: true, include_logs: true });
    expect(told.task_details).toEqual(page);
    expect(told.logs).toEqual([
      { task_id: `task_${jobId.slice(4)}.0.2`, attempt: 3, lines: ['a', 'b'] },
      { task_id: `task_${jobId.slice(4)}.0.9`, attempt: 10, lines: ['c'] },
      { task_id: `task_${jobId.slice(4)}.0.0`, attempt: 1, lines: ['sent'] },
    ]);
  });

  it('comes from the history while job-service is away', async () => {
    const jobId = newJobId();
    await remembered(jobId);
    const told = await info(jobId, { include_metrics: true, include_task_details: true, include_logs: true });
    expect(told).toMatchObject({ id: jobId, status: 'completed', task_counts: { succeeded: 4 }, metrics: metricsOfEnding });
    expect(told).toMatchObject({ source: 'history', as_of: events.at(2_010) });
    expect(told).not.toHaveProperty('task_details');
    expect(told).not.toHaveProperty('logs');
  });

  it('from the history is as old as the newest fact, and measures no further', async () => {
    const jobId = newJobId();
    await events.created(0, [events.head(jobId, 0)]);
    await events.started(20, jobId);
    const told = await eventually(async () => {
      const found = await info(jobId, { include_metrics: true });
      expect(found.status).toBe('running');
      return found;
    });
    expect(told).toMatchObject({ source: 'history', as_of: told.started_at, metrics: { duration_ms: 0 } });
    expect(told.metrics).toMatchObject({ retries: null, recovered: null, first_try_share: null });
  });

  it('is a fault where job-service has one, and not what was so some time ago', async () => {
    const jobId = newJobId();
    await remembered(jobId);
    await answer('getJob', () => {
      throw new ProblemError('INTERNAL', 'A fault.');
    });
    expect(await problemOf(info(jobId))).toBe('INTERNAL');
  });

  it('comes from the history while job-service has no database', async () => {
    const jobId = newJobId();
    await remembered(jobId);
    await answer('getJob', () => {
      throw new ProblemError('STORE_UNAVAILABLE', 'The database does not answer.');
    });
    expect(await info(jobId)).toMatchObject({ id: jobId, status: 'completed' });
  });

  it('comes from the history when job-service has forgotten the job', async () => {
    const jobId = newJobId();
    await remembered(jobId);
    await answer('getJob', () => {
      throw new ProblemError('JOB_NOT_FOUND', 'There is no such job.');
    });
    expect(await info(jobId)).toMatchObject({ id: jobId, status: 'completed' });
  });

  it('is a problem when nobody knows the job, and another when it cannot be known', async () => {
    expect(await problemOf(info(newJobId()))).toBe('SERVICE_UNAVAILABLE');
    await answer('getJob', () => {
      throw new ProblemError('JOB_NOT_FOUND', 'There is no such job.');
    });
    expect(await problemOf(info(newJobId()))).toBe('JOB_NOT_FOUND');
    expect(await problemOf(info('job_nonsense'))).toBe('VALIDATION_FAILED');
  });
});
