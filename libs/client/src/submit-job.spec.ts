import { describe, expect, test } from '@jest/globals';
import { defineJob, limits, type TaskPage } from '@kintsugi/contracts';
import { z } from 'zod';
import { createClient } from './client.js';

const greet = defineJob({
  type: 'greet',
  payload: z.object({ name: z.string(), at: z.date().optional() }),
  result: z.object({ said: z.iso.datetime().transform((at) => new Date(at)) }),
});
const job = { product_id: 'p', sending_group_id: 'g' };

/** A client, and the bodies that it sends. */
function clientOf(answer: (url: URL) => unknown = () => ({ job_id: 'job_1' })) {
  const sent: { type: string | null; text: string }[] = [];
  const client = createClient({
    baseUrl: 'http://127.0.0.1:1',
    apiKey: 'none',
    fetch: async (url, init) => {
      const request = new Request(url, init);
      if (request.method === 'POST') sent.push({ type: request.headers.get('content-type'), text: await request.text() });
      return Response.json(answer(new URL(request.url)));
    },
  });
  return { client, sent };
}

function head(data: object): string {
  return JSON.stringify({ action: 'createJob', data: { ...job, type: 'greet', ...data } });
}

describe('a job of a definition', () => {
  test('goes in one request as a list', async () => {
    const { client, sent } = clientOf();
    await client.submit(greet, { ...job, priority: 9 }, [{ id: 'a', payload: { name: 'Ada' } }, { payload: { name: '}' } }]);
    const tasks = [{ id: 'a', payload: { name: 'Ada' } }, { payload: { name: '}' } }];
    expect(sent.map(({ type, text }) => ({ type, body: JSON.parse(text) as unknown }))).toEqual([
      { type: 'application/json', body: { action: 'createJob', data: { ...job, priority: 9, type: 'greet', tasks } } },
    ]);
  });

  test('without tasks is left to be planned', async () => {
    const { client, sent } = clientOf();
    await client.submit(greet, job);
    expect(sent).toEqual([{ type: 'application/json', text: head({}) }]);
  });

  test.each([
    [
      'that is made on the way',
      () =>
        (function* () {
          yield { payload: { name: 'Ada' } };
        })(),
      '{"payload":{"name":"Ada"}}\n',
    ],
    [
      'longer than a body may be',
      () => Array.from({ length: 40 }, () => ({ payload: { name: 'x'.repeat(limits.taskBytes) } })),
      `${JSON.stringify({ payload: { name: 'x'.repeat(limits.taskBytes) } })}\n`.repeat(40),
    ],
    [
      'of more tasks than a body may hold',
      () => Array.from({ length: limits.inlineTasks + 1 }, () => ({ payload: { name: '' } })),
      '{"payload":{"name":""}}\n'.repeat(limits.inlineTasks + 1),
    ],
  ])('goes up line by line from a source %s', async (_, tasks, lines) => {
    const { client, sent } = clientOf();
    await client.submit(greet, job, tasks());
    expect(sent.map(({ type }) => type)).toEqual(['application/x-ndjson']);
    // Texts of megabytes are compared without being shown.
    expect(sent[0]?.text === `${head({})}\n${lines}`).toBe(true);
  });

  test.each([
    [
      'of another shape',
      { title: 'Ada' },
      'tasks[1].payload.name: Invalid input: expected string, received undefined, got nothing',
    ],
    [
      'that is another once it is JSON',
      { name: 'Ada', at: new Date(0) },
      'tasks[1].payload.at: Invalid input: expected date, received string, got "1970-01-01T00:00:00.000Z"',
    ],
  ])('with a payload %s is refused before it is sent', async (_, payload, fault) => {
    const { client, sent } = clientOf();
    const tasks = [{ payload: { name: 'Ada' } }, { payload: payload as { name: string } }];
    const refusal = {
      code: 'TASK_INVALID',
      message: `A payload does not fit the job greet: ${fault}. Nothing was accepted.`,
      extras: { errors: [expect.objectContaining({ rule: 'SCHEMA' })] },
    };
    await expect(client.submit(greet, job, tasks)).rejects.toMatchObject(refusal);
    await expect(client.submit(greet, job, tasks.values())).rejects.toMatchObject(refusal);
    expect(sent).toEqual([]);
  });
});

describe('the results of a job', () => {
  const pages: Record<string, Partial<TaskPage>> = {
    '': {
      items: [{ id: 'task_1', key: 'a', result: { said: '2026-01-02T03:04:05Z' } }] as TaskPage['items'],
      next_cursor: 'next',
    },
    next: { items: [{ id: 'task_2', key: null, result: null }] as TaskPage['items'], next_cursor: null },
  };

  test('are read page by page, as their definition has them', async () => {
    const { client } = clientOf((url) => pages[url.searchParams.get('cursor') ?? '']);
    const results = client.results(greet, 'job_1');
    expect(await results.next()).toEqual({
      done: false,
      value: { id: 'task_1', key: 'a', result: { said: new Date('2026-01-02T03:04:05Z') } },
    });
    await expect(results.next()).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message:
        'The result of task_2 does not fit the job greet: result: Invalid input: expected object, received null, got null.',
    });
  });

  test('may be anything where the definition says nothing of them', async () => {
    const { client } = clientOf(() => pages['next']);
    const results = [];
    for await (const { result } of client.results(defineJob({ type: 'greet', payload: z.unknown() }), 'job_1')) {
      results.push(result);
    }
    expect(results).toEqual([null]);
  });
});
