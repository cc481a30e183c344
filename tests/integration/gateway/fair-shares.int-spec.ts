// One caller cannot use up what all share: uploads and event streams have places, of which nobody holds more than its share.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@kintsugi/client';
import { eventually } from '@kintsugi/testing';
import { FollowedJobs } from './followed-jobs.js';
import { GatewayUnderTest, jobId, minimalJob } from './gateway-under-test.js';
import { RawConnection } from './raw-http.js';

const head = JSON.stringify({ action: 'createJob', data: minimalJob });

let under: GatewayUnderTest;
let jobs: FollowedJobs;

beforeAll(async () => {
  under = await GatewayUnderTest.start({ MAX_UPLOADS: '3', MAX_EVENT_CLIENTS: '3' });
  jobs = new FollowedJobs(under);
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
  under.answer('commitUpload', ({ job_id }) => ({ job_id, status: 'pending', total_tasks: 1, replayed: false }));
});

afterAll(() => under.stop());

afterEach(() => jobs.stop());

async function metric(name: string, labels: string, gateway = under): Promise<number> {
  const { text } = await gateway.fetch('/metrics');
  const line = text.split('\n').find((each) => each.startsWith(`${name}{`) && each.includes(labels));
  return Number(line?.split(' ').at(-1) ?? 0);
}

async function beginUpload(gateway = under): Promise<RawConnection> {
  const key = gateway.keys.operator;
  const connection = await RawConnection.open(gateway.port);
  jobs.onStop(() => connection.socket.destroy());
  const start = `POST /job-operations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n`;
  connection.send(`${start}Content-Type: application/x-ndjson\r\nContent-Length: 100000000\r\n\r\n${head}\n`);
  return connection;
}

describe('uploads', () => {
  it('of one key take all places only until another key wants one', async () => {
    const slow: RawConnection[] = [];
    for (let held = 1; held <= 3; held += 1) {
      slow.push(await beginUpload());
      await eventually(async () => expect(await metric('kintsugi_gateway_places_held', 'kind="upload"')).toBe(held));
    }
    const more = await under.fetch('/job-operations', {
      method: 'POST',
      key: under.keys.operator,
      headers: { 'content-type': 'application/x-ndjson' },
      body: `${head}\n{}`,
    });
    expect(more).toMatchObject({ status: 503, problem: { code: 'OVERLOADED', retryable: true } });
    expect(await under.upload(`${head}\n{}`)).toMatchObject({ status: 201 });
    await eventually(() => expect(slow[2]?.text).toMatch(/^HTTP\/1.1 503 [^]*ended for another caller/));
    expect(slow.slice(0, 2).map(({ text }) => text)).toEqual(['', '']);
    expect(await metric('kintsugi_gateway_places_refused_total', 'kind="upload",reason="share"')).toBe(1);
    expect(await metric('kintsugi_gateway_places_refused_total', 'kind="upload",reason="full"')).toBe(1);
  });

  it('that trickle in are ended, although no pause is as long as it may be', async () => {
    const impatient = await GatewayUnderTest.start({ UPLOAD_IDLE_TIMEOUT_MS: '2000', BODY_BYTES_PER_SECOND_MIN: '1000000' });
    impatient.answer('abandonUpload', () => ({ staged: 0 }));
    const connection = await beginUpload(impatient);
    const trickle = setInterval(() => connection.send('{}\n'), 50);
    try {
      const [reply] = await connection.replies();
      expect(reply?.status).toBe(408);
      expect(JSON.parse(reply?.body ?? '')).toMatchObject({
        code: 'REQUEST_TIMEOUT',
        detail: expect.stringMatching(/less than 1000000 a second/),
      });
      await eventually(async () => expect(await metric('kintsugi_gateway_places_held', 'kind="upload"', impatient)).toBe(0));
    } finally {
      clearInterval(trickle);
      await impatient.stop();
    }
  });
});

describe('event streams', () => {
  it('of one key take all places only until another key wants one', async () => {
    const greedy = [];
    for (let held = 1; held <= 3; held += 1) {
      greedy.push(jobs.follow(`${jobId}.${held}`));
      await greedy.at(-1)?.until('snapshot');
    }
    const another = await under.fetch(`/v1/jobs/${jobId}/events`, { key: under.keys.viewer });
    expect(another).toMatchObject({ status: 503, problem: { code: 'OVERLOADED', retryable: true } });
    const other = new FollowedJobs(under, createClient({ baseUrl: under.url, apiKey: under.keys.admin }));
    const follower = other.follow();
    jobs.onStop(() => other.release());
    await follower.until('snapshot');
    await jobs.progress(jobId, 1);
    await follower.until('snapshot', 'job.progressed');
    expect(await metric('kintsugi_gateway_places_held', 'kind="event_stream"')).toBe(3);
    expect(await metric('kintsugi_gateway_places_refused_total', 'kind="event_stream",reason="share"')).toBe(1);
    await jobs.progress(`${jobId}.1`, 1);
    await greedy[0]?.until('snapshot', 'job.progressed');
  });
});
