import { expect, test } from '@jest/globals';
import { limits, requestFrom, type StageTasks, type TaskInput } from '@kintsugi/contracts';
import type { Bus } from '@kintsugi/messaging';
import { planningHandler } from './plan-runner.js';
import { TaskRun } from './task-context.js';

test.each(['x', '"', '漢'])(
  'planned tasks are sent in chunks that each fit into a message, whatever they are made of: %s',
  async (letter) => {
    const sent: string[] = [];
    const ask = (_subject: string, body: string) => {
      sent.push(body);
      return Promise.resolve({ string: () => JSON.stringify({ staged: 1 }) });
    };
    const tasks = Array.from({ length: 600 }, (_, index): TaskInput => ({ id: String(index), payload: letter.repeat(3_000) }));
    const handler = planningHandler(
      () => ({ ask }) as unknown as Bus,
      () => 1,
      () => tasks,
    );
    const job = { id: 'job', type: 't', product_id: 'p', sending_group_id: 'g', user_id: 'u', labels: {} };
    await handler(new TaskRun({ id: 'task', key: null, job_id: 'job', type: 't', payload: job }, 1));
    const chunks = sent.map((body) => requestFrom('stageTasks', Buffer.from(body)) as StageTasks);
    for (const body of sent) expect(Buffer.byteLength(body)).toBeLessThan(limits.messageBytes);
    for (const chunk of chunks) expect(Buffer.byteLength(chunk.tasks)).toBeLessThanOrEqual(limits.chunkBytes);
    expect(chunks.flatMap((chunk) => chunk.tasks.split('\n').map((line) => JSON.parse(line) as TaskInput))).toEqual(tasks);
  },
);
