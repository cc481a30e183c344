import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient, type Client, type JobEvent } from '@kintsugi/client';
import { eventType, subjects, type BatchJob, type EventData, type EventName, type JobStatus } from '@kintsugi/contracts';
import { EventPublisher, applyTopology, eventStreamExtent } from '@kintsugi/messaging';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, jobId, notFound } from './gateway-under-test.js';

let under: GatewayUnderTest;
let publisher: EventPublisher;
let client: Client;
let status: JobStatus = 'running';
let published = 0;

const otherJobId = `${jobId.slice(0, -1)}8`;
const bundled = [1, 2, 3].map((index) => `${jobId}.${index}`);

beforeAll(async () => {
  under = await GatewayUnderTest.start({ MAX_EVENT_CLIENTS: '20' });
  publisher = new EventPublisher(under.bus);
  client = createClient({ baseUrl: under.url, apiKey: under.keys.viewer });
  under.answer('getJob', ({ job_id }) => (job_id === otherJobId ? notFound() : jobOf(job_id)));
});

afterAll(() => under.stop());

const stops: (() => unknown)[] = [];

beforeEach(() => {
  status = 'running';
});

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await eventually(async () => expect(await readersOfEvents()).toBe(0));
});

function jobOf(id: string): BatchJob {
  return {
    id,
    type: 't',
    status,
    product_id: 'p',
    sending_group_id: 'g',
    user_id: 'u',
    priority: 5,
    max_parallel_tasks: null,
    retry_config: null,
    resource_limits: null,
    safety: 'idempotent',
    labels: {},
    detailed_status: { current_phase: 'running', progress_percentage: 0, active_tasks: 0, error_count: 0 },
    total_tasks: 1,
    task_counts: {},
    created_at: '2026-03-01T00:00:00.000Z',
    started_at: null,
    finished_at: null,
  };
}

async function publish<Name extends EventName>(name: Name, data: EventData<Name>): Promise<void> {
  published += 1;
  await publisher.publish({
    id: `event-${published}`,
    name,
    source: 'test',
    subject: jobId,
    time: `2026-03-01T00:00:00.${published}Z`,
    data,
  });
}

const progress = (id: string, done: number) =>
  publish('job.progressed', {
    jobs: [
      {
        job_id: id,
        status: 'running',
        total_tasks: 9,
        task_counts: { succeeded: done },
        detailed_status: jobOf(id).detailed_status,
      },
    ],
  });

const ended = (name: 'job.completed' | 'job.failed' | 'job.cancelled', ...ids: string[]) =>
  publish(name, {
    jobs: ids.map((job_id) => ({
      job_id,
      status: name === 'job.completed' ? 'completed' : name === 'job.failed' ? 'failed' : 'cancelled',
      started_at: null,
      finished_at: null,
      total_tasks: 1,
      task_counts: {},
      detailed_status: jobOf(job_id).detailed_status,
      retries: 0,
      recovered: 0,
      first_try: 1,
      error_types: {},
      task_ms: null,
      submit_to_done_ms: null,
    })),
  });

/** Follows a job in the background. */
function follow(id = jobId, options: Parameters<Client['followJob']>[1] = {}) {
  const events: JobEvent[] = [];
  const abort = new AbortController();
  const done = (async () => {
    for await (const event of client.followJob(id, { until: 'over', signal: abort.signal, ...options })) events.push(event);
  })();
  done.catch(() => undefined);
  stops.push(() => abort.abort());
  const names = () => events.map(({ event }) => event);
  return { events, names, done, until: (...expected: string[]) => eventually(() => expect(names()).toEqual(expected)) };
}

async function readersOfEvents(): Promise<number> {
  const manager = await under.bus.manager();
  const { state } = await manager.streams.info('EVENTS');
  // The durable consumers of the services are part of the topology.
  return state.consumer_count - 2;
}

const doneOf = (event: JobEvent | undefined) =>
  event?.event === 'job.progressed' ? event.data.task_counts['succeeded'] : undefined;

describe('who follows a job', () => {
  it('gets the job as it is, then each of its events with its time and place, and nothing of other jobs', async () => {
    const { events, until } = follow();
    await until('snapshot');
    expect(events[0]).toMatchObject({ data: { id: jobId, status: 'running' } });
    await progress(`${jobId}.9`, 1);
    await progress(jobId, 2);
    await until('snapshot', 'job.progressed');
    const { lastSequence } = await eventStreamExtent(under.bus);
    expect(events[1]).toMatchObject({
      id: String(lastSequence),
      data: { job_id: jobId, task_counts: { succeeded: 2 }, time: expect.any(String) },
    });
  });

  it('gets all failed tasks of its job in one event', async () => {
    const { events, until } = follow();
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
    await publish('task.failed', { tasks: [task(jobId, 0), task(otherJobId, 1), task(jobId, 2)] });
    await until('snapshot', 'task.failed');
    expect(events[1]).toMatchObject({
      data: { job_id: jobId, tasks: [{ task_id: task(jobId, 0).task_id }, { task_id: task(jobId, 2).task_id }] },
    });
  });

  it('shares an event of many bundled jobs with those who follow the others', async () => {
    const followed = bundled.map((id) => follow(id));
    for (const { until } of followed) await until('snapshot');
    await ended('job.completed', ...bundled);
    for (const { until, done, events } of followed) {
      await until('snapshot', 'job.completed');
      await done;
      expect(events[1]).toMatchObject({ data: { job_id: bundled[followed.findIndex((one) => one.events === events)] } });
    }
  });

  it.each(['job.completed', 'job.cancelled'] as const)('is told the end after %s', async (name) => {
    const { until, done } = follow();
    await until('snapshot');
    await ended(name, jobId);
    await done;
    await until('snapshot', name);
  });

  it('stays with a failed job that may recover, unless it asked for less', async () => {
    const patient = follow();
    const hasty = follow(jobId, { until: 'finished' });
    await patient.until('snapshot');
    await hasty.until('snapshot');
    await ended('job.failed', jobId);
    await hasty.done;
    await publish('job.recovered', { jobs: [{ job_id: jobId, status: 'recovering' }] });
    await patient.until('snapshot', 'job.failed', 'job.recovered');
    expect(hasty.names()).toEqual(['snapshot', 'job.failed']);
  });

  it('of a job that is over gets its snapshot and the end', async () => {
    status = 'completed';
    const { done, names } = follow();
    await done;
    expect(names()).toEqual(['snapshot']);
  });

  it('is refused for a job that is not there, for an id that is none, and for a place that is none', async () => {
    await expect(follow(otherJobId).done).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(follow('nonsense').done).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    const reply = await under.fetch(`/v1/jobs/${jobId}/events`, { headers: { 'last-event-id': 'x' } });
    expect(reply).toMatchObject({ status: 400, problem: { code: 'HEADER_INVALID' } });
  });

  it('is refused beyond the number of clients', async () => {
    const all = Array.from({ length: 20 }, () => follow());
    for (const { until } of all) await until('snapshot');
    const reply = await under.fetch(`/v1/jobs/${jobId}/events`);
    expect(reply).toMatchObject({ status: 503, problem: { code: 'OVERLOADED' } });
  });
});

describe('who comes back', () => {
  it('gets what it missed, in order and once, and then what happens', async () => {
    const before = await eventStreamExtent(under.bus);
    for (const done of [1, 2, 3]) {
      await progress(jobId, done);
      await progress(`${jobId}.9`, done);
    }
    const { events, until } = follow(jobId, { lastEventId: String(before.lastSequence + 1) });
    await until('job.progressed', 'job.progressed');
    await progress(jobId, 4);
    await until('job.progressed', 'job.progressed', 'job.progressed');
    expect(events.map(doneOf)).toEqual([2, 3, 4]);
  });

  it('is told the end that it missed', async () => {
    const before = await eventStreamExtent(under.bus);
    await ended('job.completed', jobId);
    status = 'completed';
    const missed = follow(jobId, { lastEventId: String(before.lastSequence) });
    await missed.done;
    expect(missed.names()).toEqual(['job.completed']);
    const late = follow(jobId, { lastEventId: String(before.lastSequence + 1) });
    await late.done;
    expect(late.names()).toEqual([]);
  });

  it('with a place beyond the end starts afresh', async () => {
    await follow(jobId, { lastEventId: '999999999' }).until('reset', 'snapshot');
  });

  it('with a place that is gone starts afresh', async () => {
    await progress(jobId, 1);
    const manager = await under.bus.manager();
    await manager.streams.purge('EVENTS');
    await follow(jobId, { lastEventId: '1' }).until('reset', 'snapshot');
  });

  it('misses nothing while events pour in', async () => {
    const before = await eventStreamExtent(under.bus);
    const count = 300;
    const pouring = (async () => {
      for (let done = 1; done <= count; done += 1) await progress(jobId, done);
    })();
    const followed = [0, 1, 2, 3].map(() => follow(jobId, { lastEventId: String(before.lastSequence) }));
    await pouring;
    for (const { events } of followed) {
      await eventually(() => expect(events.map(doneOf)).toEqual(Array.from({ length: count }, (_, index) => index + 1)));
    }
  });
});

describe('what may go wrong meanwhile', () => {
  it('the gateway restarts: the client comes back and misses nothing', async () => {
    const port = String(under.port);
    const { events, until } = follow();
    await until('snapshot');
    await under.close();
    await progress(jobId, 1);
    await under.open({ API_PORT: port });
    await eventually(() => expect(events.map(doneOf)).toEqual([undefined, 1]), { timeoutMs: 15_000 });
    await progress(jobId, 2);
    await eventually(() => expect(events.map(doneOf)).toEqual([undefined, 1, 2]));
  }, 20_000);

  it('the stream is lost and made again: the client is told, and follows on', async () => {
    const { names, until } = follow();
    await until('snapshot');
    const manager = await under.bus.manager();
    await manager.streams.delete('EVENTS');
    await applyTopology(under.bus);
    await eventually(() => expect(names()).toEqual(['snapshot', 'reset', 'snapshot']), { timeoutMs: 15_000 });
    await progress(jobId, 1);
    await until('snapshot', 'reset', 'snapshot', 'job.progressed');
  }, 20_000);

  it('an event that makes no sense is left out, and one of a kind that is not known', async () => {
    const { until } = follow();
    await until('snapshot');
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-source': 'test', 'ce-time': 'now' };
    under.bus.publish(subjects.event('job.started'), `{"jobs":[{"job_id":"${jobId}"`, {
      headers: { ...headers, 'ce-type': eventType('job.started') },
    });
    under.bus.publish(subjects.event('job.started'), `"${jobId}"`, {
      headers: { ...headers, 'ce-type': eventType('job.started') },
    });
    under.bus.publish('kin.evt.job.dreamt', `{"jobs":[{"job_id":"${jobId}"}]}`, {
      headers: { ...headers, 'ce-type': 'kintsugi.job.dreamt.v1' },
    });
    under.bus.publish(subjects.event('job.started'), `{"jobs":[{"job_id":"${jobId}"}]}`);
    await progress(jobId, 1);
    await until('snapshot', 'job.progressed');
  });

  it('a client that does not read is dropped, and the others go on', async () => {
    const slow = connect({ port: under.port, host: '127.0.0.1' });
    stops.push(() => slow.destroy());
    slow.on('error', () => undefined);
    slow.write(`GET /v1/jobs/${bundled[0]}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${under.keys.viewer}\r\n\r\n`);
    await new Promise((resolve) => slow.once('data', resolve));
    slow.pause();
    let closed = false;
    slow.once('close', () => {
      closed = true;
    });
    const attentive = follow(bundled[1]);
    await attentive.until('snapshot');
    const large = { ...jobOf('x').detailed_status, current_phase: 'x'.repeat(100_000) };
    const jobs = bundled
      .slice(0, 2)
      .map((job_id) => ({ job_id, status: 'running' as const, total_tasks: 1, task_counts: {}, detailed_status: large }));
    for (let sent = 0; sent < 100; sent += 1) await publish('job.progressed', { jobs });
    await eventually(() => expect(attentive.names()).toHaveLength(101));
    // What the kernel held is still read; then the connection is found closed, long before all events.
    slow.resume();
    await eventually(() => expect(closed).toBe(true));
    expect(slow.bytesRead).toBeLessThan(9_000_000);
  }, 20_000);
});
