import { describe, expect, test } from '@jest/globals';
import { UploadBody, type TaskOrLines, type UploadProgress } from './upload-body.js';

const job = { product_id: 'p', sending_group_id: 'g' };
const head = '{"action":"createJob","data":{"product_id":"p","sending_group_id":"g"}}\n';

async function textOf({ stream }: UploadBody): Promise<string> {
  return new Response(stream).text();
}

describe('an upload', () => {
  test('is the head, then a line a task', async () => {
    expect(await textOf(new UploadBody(job, [{ id: 'a', payload: 'two\nlines' }, {}]))).toBe(
      `${head}{"id":"a","payload":"two\\nlines"}\n{}\n`,
    );
  });

  test('takes text that holds lines already, with or without the last line end', async () => {
    expect(await textOf(new UploadBody(job, ['{"id":"a"}\n{"id":"b"}', { id: 'c' }, '{"id":"d"}\n', '']))).toBe(
      `${head}{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n{"id":"d"}\n`,
    );
  });

  test('tells how far it is, and ends with all tasks', async () => {
    const progress: UploadProgress[] = [];
    const tasks = Array.from({ length: 5_000 }, (_, index): TaskOrLines =>
      index % 2 ? { id: `t${index}`, payload: 'x'.repeat(40) } : `{"id":"t${index}"}`,
    );
    const text = await textOf(new UploadBody(job, tasks, (now) => progress.push(now)));
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toEqual({ tasks: 5_000, bytes: text.length });
  });

  test('takes no more from its source than is being sent, and lets the source go when it is cancelled', async () => {
    let taken = 0;
    let released = false;
    const source = (async function* () {
      try {
        for (;;) {
          taken += 1;
          yield { payload: 'x'.repeat(1_000) };
        }
      } finally {
        released = true;
      }
    })();
    const reader = new UploadBody(job, source).stream.getReader();
    await reader.read();
    expect(taken).toBeLessThan(300);
    await reader.cancel();
    expect(released).toBe(true);
  });

  test('ends when it is stopped, whoever goes on reading', async () => {
    const upload = new UploadBody(
      job,
      (function* () {
        for (;;) yield { payload: 'x'.repeat(1_000) };
      })(),
    );
    const reader = upload.stream.getReader();
    await reader.read();
    await upload.stop();
    let pieces = 0;
    while (!(await reader.read()).done) pieces += 1;
    expect(pieces).toBeLessThan(3);
  });

  test('fails when its source fails', async () => {
    const source = (function* () {
      yield {};
      throw new Error('the file is gone');
    })();
    const upload = new UploadBody(job, source);
    await expect(textOf(upload)).rejects.toThrow('the file is gone');
    expect(() => upload.throwSourceFault()).toThrow('the file is gone');
  });
});
