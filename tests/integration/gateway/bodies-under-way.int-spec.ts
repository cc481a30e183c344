import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { GatewayUnderTest, jobId, minimalJob } from './gateway-under-test.js';
import { RawConnection } from './raw-http.js';

const mebibyte = 1024 ** 2;
const body = JSON.stringify({ action: 'createJob', data: minimalJob });

let under: GatewayUnderTest;

beforeAll(async () => {
  // One body may then be as large as all together.
  under = await GatewayUnderTest.start({ BODY_LIMIT_BYTES: String(64 * mebibyte) });
  under.answer('createJob', () => ({ job_id: jobId, status: 'pending', total_tasks: null, replayed: false }));
});

afterAll(() => under.stop());

async function sendMost(): Promise<RawConnection> {
  const connection = await RawConnection.open(under.port);
  const head = `POST /job-operations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${under.keys.operator}\r\n`;
  connection.send(`${head}Content-Type: application/json\r\nContent-Length: ${64 * mebibyte}\r\n\r\n`);
  const task = Buffer.from(`{"payload":"${'x'.repeat(250 * 1024)}"},`);
  const begin = Buffer.from('{"action":"createJob","data":{"tasks":[');
  const bytes = Math.floor((64 * mebibyte - begin.length) / task.length) * task.length;
  connection.send(
    Buffer.concat([begin, Buffer.alloc(bytes, task), Buffer.alloc(64 * mebibyte - 10 - begin.length - bytes, 0x20)]),
  );
  return connection;
}

describe('while the JSON bodies under way hold as much as the gateway takes', () => {
  it.each([
    ['that tells its length', () => under.post('/job-operations', body)],
    [
      'that does not tell its length',
      () =>
        under.fetch('/job-operations', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: ReadableStream.from([Buffer.from(body)]) as ReadableStream<Uint8Array>,
          duplex: 'half',
        }),
    ],
  ])('a body %s is told to come again, and is taken when there is room', async (_, send) => {
    let large = await sendMost();
    await eventually(async () => {
      // Whichever of two bodies asks for the last bytes is refused: it may have been the large one.
      if (large.text !== '') large = await sendMost();
      const reply = await send();
      expect(reply).toMatchObject({ status: 503, problem: { code: 'OVERLOADED', retryable: true } });
      expect(reply.headers.get('retry-after')).toBe('1');
    });
    expect((await under.fetch('/health/live')).status).toBe(200);
    large.socket.destroy();
    await eventually(async () => expect((await send()).status).toBe(201));
  });
});
