// Whoever takes nothing of an answer is let go, and a download never passes for more than came.
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { apiKeyOf } from '@kintsugi/contracts';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, jobId, minimalJob } from './gateway-under-test.js';
import { recordOfKey } from './keys-in-memory.js';
import { RawConnection } from './raw-http.js';

let under: GatewayUnderTest;
const open: RawConnection[] = [];

beforeAll(async () => {
  under = await GatewayUnderTest.start({ EVENT_STALL_TIMEOUT_MS: '500', MAX_EVENT_CLIENTS: '2', EVENT_HEARTBEAT_MS: '100' });
});

afterAll(() => under.stop());

afterEach(() => {
  under.writeKeys();
  for (const { socket } of open.splice(0)) socket.destroy();
});

/** Sends requests on one connection and takes nothing of their answers. */
async function askedInVain(path: string, times: number): Promise<RawConnection> {
  const connection = await RawConnection.open(under.port);
  open.push(connection);
  connection.socket.pause();
  const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${under.keys.viewer}\r\n\r\n`;
  return connection.send(request.repeat(times));
}

const hasBeenCut = (connection: RawConnection) =>
  eventually(() => {
    if (!connection.socket.destroyed) connection.send('GET / HTTP/1.1\r\n');
    expect(connection.socket.destroyed).toBe(true);
  });

const downloadBy = (key: string, encoding: string): Promise<Response> =>
  fetch(`${under.url}/logs/download/${jobId}`, { headers: { authorization: `Bearer ${key}`, 'accept-encoding': encoding } });

async function placesHeld(): Promise<number> {
  const { text } = await under.fetch('/metrics');
  const line = text.split('\n').find((each) => each.startsWith('kintsugi_gateway_places_held{') && each.includes('"log_stream"'));
  return Number(line?.split(' ').at(-1));
}

/** A log without an end, in parts of a quarter of a megabyte. */
function answerEndlessLog(): void {
  const text = `${'x'.repeat(99)}\n`.repeat(2_500);
  under.answer('readLogText', ({ cursor }) => ({
    ...{ text, skip_bytes: 0, next_cursor: 'a.1', total_bytes: cursor === undefined ? 1e12 : null },
  }));
}

it('an answer that nobody reads is cut, whatever it is', async () => {
  const page = { items: [], next_cursor: null, filler: 'x'.repeat(500_000) };
  under.answer('listJobs', () => page as never);
  await hasBeenCut(await askedInVain('/v1/jobs', 60));
});

it('a download that nobody reads is cut, and holds its place no longer', async () => {
  answerEndlessLog();
  const stuck = [await askedInVain(`/logs/download/${jobId}`, 1), await askedInVain(`/logs/download/${jobId}`, 1)];
  for (const connection of stuck) await hasBeenCut(connection);
  await eventually(async () => expect(await placesHeld()).toBe(0));
});

it('no more logs are downloaded at once than there are places', async () => {
  answerEndlessLog();
  const given = new AbortController();
  const takeAll = async (): Promise<void> => {
    const response = await downloadBy(under.keys.viewer, 'identity');
    // Read all the time, so that neither is cut before the third is refused.
    await response.body?.pipeTo(new WritableStream(), { signal: given.signal });
  };
  const taking = Promise.allSettled([takeAll(), takeAll()]);
  await eventually(async () => expect(await placesHeld()).toBe(2));
  const refused = await under.fetch(`/logs/download/${jobId}`, { key: under.keys.viewer });
  given.abort();
  await taking;
  expect(refused).toMatchObject({ status: 503, problem: { code: 'OVERLOADED' } });
  await eventually(async () => expect(await placesHeld()).toBe(0));
});

it('a log that is removed while it is downloaded does not pass for whole, packed or not', async () => {
  const part = { text: 'first\n', skip_bytes: 0 };
  for (const encoding of ['identity', 'gzip']) {
    const hasBegun = Promise.withResolvers<void>();
    under.answer('readLogText', async ({ cursor }) => {
      if (cursor === undefined) return { ...part, next_cursor: 'a.1', total_bytes: 600 };
      // Before anything has gone out, the answer would be a problem.
      await hasBegun.promise;
      return { text: '', skip_bytes: 0, next_cursor: null, total_bytes: null };
    });
    const response = await downloadBy(under.keys.viewer, encoding);
    expect(response.status).toBe(200);
    hasBegun.resolve();
    await expect(response.text()).rejects.toThrow('terminated');
  }
  await eventually(async () => expect(await placesHeld()).toBe(0));
});

it('a download ends with the key that began it', async () => {
  answerEndlessLog();
  const key = apiKeyOf('passing', randomBytes(20).toString('hex'));
  under.writeKeys([recordOfKey(key, 'passing', 'viewer')]);
  await eventually(async () => expect((await under.fetch('/health', { key })).status).toBe(200));
  const response = await downloadBy(key, 'identity');
  expect(response.status).toBe(200);
  under.writeKeys();
  await expect(response.body?.pipeTo(new WritableStream())).rejects.toThrow('terminated');
});

it('a part is not given where it was asked for under a condition that nothing here can meet', async () => {
  under.answer('readLogText', () => ({ text: 'first\n', skip_bytes: 0, next_cursor: null, total_bytes: 6 }));
  const headers = { range: 'bytes=0-1', 'accept-encoding': 'identity' };
  expect(await under.fetch(`/logs/download/${jobId}`, { headers })).toMatchObject({ status: 206, text: 'fi' });
  const ofOld = await under.fetch(`/logs/download/${jobId}`, { headers: { ...headers, 'if-range': '"1"' } });
  expect(ofOld).toMatchObject({ status: 200, text: 'first\n' });
});

it('an upload whose key was revoked meanwhile makes no job', async () => {
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
  under.answer('commitUpload', ({ job_id }) => ({ job_id, status: 'pending', total_tasks: 1, replayed: false }));
  const key = apiKeyOf('passing', randomBytes(20).toString('hex'));
  under.writeKeys([recordOfKey(key, 'passing', 'operator')]);
  await eventually(async () => expect((await under.fetch('/health', { key })).status).toBe(200));
  const body = [`${JSON.stringify({ action: 'createJob', data: minimalJob })}\n`, '{}\n'];
  const connection = await RawConnection.open(under.port);
  open.push(connection);
  const length = body.join('').length;
  const head = `POST /job-operations HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/x-ndjson\r\n`;
  connection.send(`${head}Content-Length: ${length}\r\n\r\n${body[0]}`);
  await eventually(async () => {
    const { text } = await under.fetch('/metrics');
    expect(text).toMatch(/kintsugi_gateway_places_held\{[^}]*"upload"[^}]*\} 1/);
  });
  under.writeKeys();
  await eventually(async () => expect((await under.fetch('/v1/jobs/x', { key })).status).toBe(401));
  connection.send(body[1] ?? '');
  const [reply] = await connection.replies();
  expect([reply?.status, JSON.parse(reply?.body ?? '')]).toEqual([401, expect.objectContaining({ code: 'UNAUTHENTICATED' })]);
  expect(under.askedOf('commitUpload')).toEqual([]);
  await eventually(() => expect(under.askedOf('abandonUpload')).toHaveLength(1));
});
