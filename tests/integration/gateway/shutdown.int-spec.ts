import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, jobId, minimalJob } from './gateway-under-test.js';
import { RawConnection } from './raw-http.js';

let under: GatewayUnderTest;

beforeEach(async () => {
  under = await GatewayUnderTest.start();
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
});

afterEach(() => under.stop());

describe('a gateway that is told to stop', () => {
  it('answers what it has taken on, takes nothing new, and is gone at once when nothing is left', async () => {
    let release: () => void = () => undefined;
    under.answer('createJob', async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { job_id: jobId, status: 'pending', total_tasks: null, replayed: false };
    });
    const idle = await RawConnection.open(under.port);
    const taken = under.post('/job-operations', { action: 'createJob', data: minimalJob });
    await eventually(() => expect(under.askedOf('createJob')).toHaveLength(1));
    const { url } = under;
    const closed = under.close();
    await eventually(async () => {
      await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
    });
    release();
    const reply = await taken;
    expect(reply.status).toBe(201);
    expect(reply.headers.get('connection')).toBe('close');
    await closed;
    expect(await idle.replies()).toEqual([]);
  });

  it('lets go of an upload that does not end, tells its client so, and accepts nothing of it', async () => {
    const connection = await RawConnection.open(under.port);
    const body = `${JSON.stringify({ action: 'createJob', data: minimalJob })}\n${'{}\n'.repeat(300)}`;
    connection.send(
      `POST /job-operations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${under.keys.operator}\r\n` +
        `Content-Type: application/x-ndjson\r\nContent-Length: 999999\r\n\r\n${body}`,
    );
    await eventually(() => expect(under.askedOf('stageTasks')).toHaveLength(1));
    await under.close();
    expect(connection.text).toContain('"code":"SERVICE_UNAVAILABLE"');
    expect(under.askedOf('commitUpload')).toEqual([]);
  });
});
