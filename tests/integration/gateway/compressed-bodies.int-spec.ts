// A body may come compressed by gzip: what it unpacks to is held to the bounds of any other, and a bomb does not go off.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GatewayUnderTest, jobId, minimalJob, type Reply } from './gateway-under-test.js';

const mebibyte = 1024 ** 2;
const head = JSON.stringify({ action: 'createJob', data: minimalJob });

let under: GatewayUnderTest;

beforeAll(async () => {
  under = await GatewayUnderTest.start({ BODY_LIMIT_BYTES: String(mebibyte), UPLOAD_LIMIT_BYTES: String(64 * mebibyte) });
  under.answer('createJob', () => ({ job_id: jobId, status: 'pending', total_tasks: 2, replayed: false }));
  under.answer('stageTasks', ({ count }) => ({ staged: count }));
  under.answer('commitUpload', ({ job_id, total_tasks }) => ({ job_id, status: 'pending', total_tasks, replayed: false }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
});

afterAll(() => under.stop());

beforeEach(() => void under.asked.splice(0));

function send(body: Uint8Array, type: 'json' | 'x-ndjson', encoding = 'gzip'): Promise<Reply> {
  return under.post('/job-operations', body, { 'content-type': `application/${type}`, 'content-encoding': encoding });
}

describe('a gzip body', () => {
  it.each(['gzip', 'GZIP', 'x-gzip'])('is taken as JSON, told as %s', async (encoding) => {
    const body = JSON.stringify({ action: 'createJob', data: { ...minimalJob, tasks: [{ id: 'a' }, {}] } });
    expect(await send(gzipSync(body), 'json', encoding)).toMatchObject({ status: 201 });
    expect(under.askedOf('createJob')).toMatchObject([{ tasks: [{ id: 'a' }, {}] }]);
  });

  it('is taken as an upload, also in several members', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `{"id":"t${index}"}`);
    const parts = [`${head}\n`, `${lines.slice(0, 100).join('\n')}\n`, lines.slice(100).join('\n')].map((part) => gzipSync(part));
    expect(await send(Buffer.concat(parts), 'x-ndjson')).toMatchObject({ status: 201, body: { total_tasks: 5_000 } });
    const staged = under.askedOf('stageTasks').sort((left, right) => left.sequence - right.sequence);
    expect(staged.flatMap(({ tasks }) => tasks.split('\n'))).toEqual(lines);
  });
});

describe('a body that is no good gzip', () => {
  const whole = gzipSync(`${head}\n${'{"payload":"some text"}\n'.repeat(1_000)}`);
  const damaged = Buffer.from(whole);
  damaged.fill(0, 30, 60);

  it.each([
    ['that is none', Buffer.from(head), 'is damaged'],
    ['that ends too early', whole.subarray(0, whole.length - 12), 'ends before it is complete'],
    ['that is damaged', damaged, 'is damaged'],
    ['that is empty', Buffer.alloc(0), 'ends before it is complete'],
  ])('%s is refused', async (_, body, why) => {
    for (const type of ['json', 'x-ndjson'] as const) {
      const reply = await send(body, type);
      expect(reply).toMatchObject({
        status: 400,
        problem: { code: 'COMPRESSION_INVALID', detail: expect.stringContaining(why) },
      });
      expect(reply.problem.errors).toMatchObject([{ rule: 'GZIP' }]);
    }
    expect(under.askedOf('commitUpload')).toEqual([]);
  });
});

describe('a bomb', () => {
  it('is refused at the bytes that a body may have, unpacked', async () => {
    const tasks = JSON.stringify({
      action: 'createJob',
      data: { ...minimalJob, tasks: Array(50).fill({ payload: 'x'.repeat(30_000) }) },
    });
    const body = gzipSync(tasks);
    expect(body.length).toBeLessThan(mebibyte / 100);
    const reply = await send(body, 'json');
    expect(reply).toMatchObject({
      status: 413,
      problem: { code: 'BODY_TOO_LARGE', errors: [{ allowed: `at most ${mebibyte} bytes` }] },
    });
  });

  it('is refused at many times its size', async () => {
    const reply = await send(gzipSync(`${head}\n${'\n'.repeat(40 * mebibyte)}`), 'x-ndjson');
    expect(reply).toMatchObject({ status: 413, problem: { code: 'BODY_TOO_LARGE', errors: [{ rule: 'RATIO' }] } });
  });

  it('that is small is none: what repeats itself compresses well', async () => {
    const body = gzipSync(`${head}\n${'{"payload":{}}\n'.repeat(100_000)}`);
    expect(body.length).toBeLessThan(15_000);
    expect(await send(body, 'x-ndjson')).toMatchObject({ status: 201, body: { total_tasks: 100_000 } });
  });
});
