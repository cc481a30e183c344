import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apiKeyOf } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { FollowedJobs } from './followed-jobs.js';
import { GatewayUnderTest, jobId } from './gateway-under-test.js';
import { recordOfKey } from './keys-in-memory.js';

const heartbeatMs = 100;

let under: GatewayUnderTest;
let jobs: FollowedJobs;

beforeAll(async () => {
  under = await GatewayUnderTest.start({ EVENT_HEARTBEAT_MS: String(heartbeatMs) });
  jobs = new FollowedJobs(under);
});

afterAll(() => under.stop());

beforeEach(() => under.writeKeys());

afterEach(() => jobs.stop());

/** All that a stream says until the gateway ends it. */
async function streamOf(key: string): Promise<{ text: string; status: number }> {
  const { text, status } = await under.fetch(`/v1/jobs/${jobId}/events`, { key });
  return { text, status };
}

describe('a stream of events', () => {
  it('ends when the key that opened it is revoked, and those of other keys go on', async () => {
    const key = apiKeyOf('passing', randomBytes(20).toString('hex'));
    under.writeKeys([recordOfKey(key, 'passing', 'viewer')]);
    await eventually(async () => expect((await under.fetch('/health', { key })).status).toBe(200));
    const other = jobs.follow();
    await other.until('snapshot');
    const stream = streamOf(key);
    await eventually(() => expect(under.askedOf('getJob')).toHaveLength(2));
    under.writeKeys();
    const { text, status } = await stream;
    expect(status).toBe(200);
    expect(text).toContain('event: snapshot\n');
    expect(text).toMatch(/event: closing\nretry: 1000\ndata: .*\n\n$/);
    expect(await streamOf(key)).toMatchObject({ status: 401 });
    await jobs.progress(jobId, 1);
    await other.until('snapshot', 'job.progressed');
  });

  it('ends when the key that opened it expires, at the next heartbeat', async () => {
    const key = apiKeyOf('passing', randomBytes(20).toString('hex'));
    const livesForMs = 3_000;
    under.writeKeys([recordOfKey(key, 'passing', 'viewer', new Date(Date.now() + livesForMs))]);
    await eventually(async () => expect((await under.fetch('/health', { key })).status).toBe(200));
    const { text } = await streamOf(key);
    expect(text).toContain('event: closing\n');
    expect(text.split(': still here\n\n').length - 1).toBeLessThanOrEqual(livesForMs / heartbeatMs);
  });

  it('is alive at each heartbeat while its key is good', async () => {
    const response = await fetch(`${under.url}/v1/jobs/${jobId}/events`, {
      headers: { authorization: `Bearer ${under.keys.viewer}` },
    });
    let text = '';
    for await (const piece of response.body as ReadableStream<Uint8Array>) {
      text += Buffer.from(piece).toString();
      if (text.split(': still here\n\n').length > 3) break;
    }
    expect(text).not.toContain('closing');
  });

  it('that a client of ours follows ends with the refusal of its key', async () => {
    const followed = jobs.follow();
    await followed.until('snapshot');
    under.writeKeys([], ['viewer']);
    await expect(followed.done).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
