import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient, type TopicEvent } from '@kintsugi/client';
import { ProblemError, type Fleet } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { FollowedJobs, unknownJobId } from './followed-jobs.js';
import { GatewayUnderTest, jobId } from './gateway-under-test.js';

let under: GatewayUnderTest;
let jobs: FollowedJobs;
let stops: AbortController[] = [];

beforeAll(async () => {
  under = await GatewayUnderTest.start();
  jobs = new FollowedJobs(under);
});

beforeEach(() => {
  jobs.status = 'running';
});

afterAll(() => under.stop());

afterEach(() => {
  for (const stop of stops) stop.abort();
  stops = [];
});

function follow(topics: string[], lastEventId?: string) {
  const events: TopicEvent[] = [];
  const stop = new AbortController();
  stops.push(stop);
  const client = createClient({ baseUrl: under.url, apiKey: under.keys.viewer });
  const options = { signal: stop.signal, intervalMs: 500, ...(lastEventId === undefined ? {} : { lastEventId }) };
  const done = (async () => {
    for await (const event of client.followTopics(topics, options)) events.push(event);
  })().catch((error: unknown) => error);
  const named = (name: string) => events.filter(({ event }) => event === name);
  const until = (name: string) => eventually(async () => expect(events.map(({ event }) => event)).toContain(name));
  return { events, done, named, until, stop: () => stop.abort() };
}

const fleet = { as_of: 'now', span_s: 1, queues: [], groups_rising: [] } as unknown as Fleet;

describe('the topic of a job', () => {
  it('tells the job as it is, then as it changes, and that it is over', async () => {
    const { named, until } = follow([`job:${jobId}`]);
    await until(`job:${jobId}`);
    expect(named(`job:${jobId}`)[0]).toMatchObject({ data: { job_id: jobId, status: 'running', is_over: false, eta: null } });
    jobs.status = 'completed';
    await eventually(async () =>
      expect(named(`job:${jobId}`).at(-1)).toMatchObject({ data: { status: 'completed', is_over: true } }),
    );
    const asked = under.askedOf('getJob').length;
    follow([`job:${jobId}`]);
    await eventually(async () => expect(under.askedOf('getJob').length).toBeGreaterThan(asked));
  });

  it('is refused where there is no such job, before anything is told', async () => {
    const { events, done } = follow([`job:${jobId}`, `job:${unknownJobId}`]);
    expect(await done).toMatchObject({ code: 'JOB_NOT_FOUND' });
    expect(events).toEqual([]);
  });
});

describe('the topic of the fleet', () => {
  it('is read once for all who hear it', async () => {
    let reads = 0;
    under.answer('getFleet', () => ({ ...fleet, as_of: String((reads += 1)) }));
    const [one, other] = [follow(['fleet']), follow(['fleet', `job:${jobId}`])];
    await eventually(async () => expect(Math.min(one.named('fleet').length, other.named('fleet').length)).toBeGreaterThan(2));
    expect(new Set(one.named('fleet').map(({ data }) => (data as Fleet).as_of)).size).toBe(one.named('fleet').length);
    expect(reads).toBeLessThan(one.named('fleet').length + other.named('fleet').length);
  });
});

describe('the topic of all jobs', () => {
  it('tells each event once, and what was missed to who comes back', async () => {
    const first = follow(['jobs']);
    await first.until('ready');
    await jobs.progress(jobId, 1);
    await jobs.end('job.failed', jobId);
    await first.until('job.failed');
    expect(first.named('job.failed')).toMatchObject([{ data: { jobs: [{ job_id: jobId, status: 'failed' }] } }]);
    expect(first.named('job.progressed')).toEqual([]);
    first.stop();
    await first.done;
    await jobs.end('job.completed', jobId);
    const second = follow(['jobs'], first.events.at(-1)?.id);
    await second.until('job.completed');
    await jobs.end('job.cancelled', jobId);
    await second.until('job.cancelled');
    expect(second.events.map(({ event }) => event)).toEqual(['job.completed', 'job.cancelled']);
  });

  it('tells also more of what was missed than waits unread', async () => {
    const first = follow(['jobs']);
    await first.until('ready');
    first.stop();
    await first.done;
    for (let ends = 0; ends < 800; ends += 1) await jobs.end('job.failed', jobId);
    await jobs.end('job.completed', jobId);
    const second = follow(['jobs'], first.events.at(-1)?.id);
    await second.until('job.completed');
    expect(second.named('job.failed')).toHaveLength(800);
    expect(JSON.stringify(second.events).length).toBeGreaterThan(128 * 1024);
  });

  it('says that there is a gap where what was missed is gone', async () => {
    const { events, until, named } = follow(['jobs', 'groups'], '9999999');
    await until('gap');
    expect(events[0]).toMatchObject({ event: 'gap', data: { reason: 'gone', topics: ['jobs', 'groups'] } });
    await jobs.end('job.completed', jobId);
    await eventually(async () => expect(named('job.completed')).toHaveLength(1));
  });
});

it('a topic that is none is refused with those that are', async () => {
  expect(await under.fetch('/v1/stream?topics=fleet,job:x')).toMatchObject({
    status: 400,
    problem: {
      code: 'VALIDATION_FAILED',
      detail: expect.stringContaining('got "job:x", allowed: one of fleet, jobs, groups, job:<id>'),
    },
  });
});

it('a topic says when it cannot be read, and is told again afterwards', async () => {
  const { named, until } = follow([`job:${jobId}`]);
  await until(`job:${jobId}`);
  under.answer('getJob', () => {
    throw new ProblemError('STORE_UNAVAILABLE', 'No database.');
  });
  await until('unavailable');
  expect(named('unavailable')).toMatchObject([{ data: { topic: `job:${jobId}`, code: 'STORE_UNAVAILABLE' } }]);
  const before = named(`job:${jobId}`).length;
  jobs = new FollowedJobs(under);
  await eventually(async () => expect(named(`job:${jobId}`).length).toBeGreaterThan(before));
});
