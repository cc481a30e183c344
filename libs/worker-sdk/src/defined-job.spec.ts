import { describe, expect, test } from '@jest/globals';
import { defineJob } from '@kintsugi/contracts';
import { z } from 'zod';
import { handlerOf, planOf } from './defined-job.js';
import { TaskRun } from './task-context.js';
import { createWorker } from './create-worker.js';

const greet = defineJob({
  type: 'greet',
  payload: z.object({ name: z.string(), times: z.int().default(1) }),
  result: z.object({ greeting: z.string() }),
});

function runOf(payload: unknown): TaskRun {
  return new TaskRun({ id: 'task', key: null, job_id: 'job', type: 'greet', payload }, 1);
}

describe('a handler of a defined job', () => {
  test('gets what the definition makes of the payload, and what it returns is kept', async () => {
    const given: unknown[] = [];
    const handler = handlerOf(greet, ({ task }) => {
      given.push(task.payload);
      return { greeting: 'Hello' };
    });
    expect(await handler(runOf({ name: 'Ada' }))).toEqual({ greeting: 'Hello' });
    expect(given).toEqual([{ name: 'Ada', times: 1 }]);
  });

  test('is not called with another payload, and no other try can mend that', async () => {
    const handler = handlerOf(greet, () => {
      throw new Error('It was called.');
    });
    await expect(handler(runOf({ name: 7 }))).rejects.toMatchObject({
      name: 'NonRetryable',
      message: 'The payload does not fit the job greet: payload.name: Invalid input: expected string, received number, got 7.',
      details: { error_type: 'task.payload_invalid', non_retryable: true },
    });
  });

  test.each([
    [undefined, 'result: Invalid input: expected object, received null, got null'],
    [{ greeting: new Map() }, 'result.greeting: Invalid input: expected string, received object, got an object'],
  ])('that returns %p fails its task for good', async (result, fault) => {
    await expect(handlerOf(greet, () => result)(runOf({ name: 'Ada' }))).rejects.toMatchObject({
      message: `The result does not fit the job greet: ${fault}.`,
      details: { error_type: 'task.result_invalid', non_retryable: true },
    });
  });

  test('may return anything where the definition says nothing of results', async () => {
    const job = defineJob({ type: 'greet', payload: z.unknown() });
    expect(await handlerOf(job, () => 7)(runOf(null))).toBe(7);
  });

  test('is the only one for its type', () => {
    const worker = createWorker().handle(greet, () => ({ greeting: '' }));
    expect(() => worker.handle('greet', () => undefined)).toThrow('There is a handler for greet already.');
  });
});

describe('a plan of a defined job', () => {
  const context = {
    job: { id: 'job', type: 'greet', product_id: 'p', sending_group_id: 'g', user_id: 'u', labels: {} },
    signal: new AbortController().signal,
    log: () => undefined,
  };

  test('gives its tasks as they are', async () => {
    const tasks = [];
    for await (const task of planOf(greet, () => [{ id: 'a', payload: { name: 'Ada' } }])(context)) tasks.push(task);
    expect(tasks).toEqual([{ id: 'a', payload: { name: 'Ada' } }]);
  });

  test.each([[{}], [{ payload: { name: 7 } }], [null]])('ends at the task %j', async (task) => {
    const plan = planOf(greet, () => [{ payload: { name: 'Ada' } }, task as never])(context);
    const read = async () => {
      for await (const _ of plan);
    };
    await expect(read()).rejects.toMatchObject({
      message: expect.stringMatching(/^Task 2 of the plan does not fit the job greet: payload/) as unknown,
      details: { error_type: 'plan.task_invalid', non_retryable: true },
    });
  });
});
