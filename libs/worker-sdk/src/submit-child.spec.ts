import { expect, test } from '@jest/globals';
import { defineJob, type JobDefinition } from '@kintsugi/contracts';
import { TaskRun } from './task-context.js';
import type { ChildJob } from './submit-child.js';

const task = { id: 'task_1', key: null, job_id: 'job_1', type: 'split', payload: null };
const job: ChildJob = { type: 'mail', product_id: 'p', sending_group_id: 'g', tasks: [{ payload: { to: 'a' } }] };

const address: JobDefinition['payload'] = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { to } = value as { to: unknown };
      return typeof to === 'string' ? { value: { to } } : { issues: [{ message: 'to is a text', path: ['to'] }] };
    },
  },
};
const mail = defineJob({ type: 'mail', payload: address });

/** A run, and what it asks to be made. */
function runOf(attempt = 1) {
  const asked: [string, ChildJob, object][] = [];
  const run = new TaskRun(task, attempt, {
    readParents: () => [] as never,
    steps: { read: async () => [], keep: async () => undefined },
    submitChild: (_task, given, name, options) => {
      asked.push([name, given, options]);
      return Promise.resolve({ job_id: `job_of_${name}`, status: 'pending', total_tasks: 1, replayed: false });
    },
  });
  return { run, asked };
}

test('jobs are named by the order in which a run asks for them, at each attempt alike', async () => {
  for (const attempt of [1, 2]) {
    const { run, asked } = runOf(attempt);
    await Promise.all([run.submit(job), run.submit(job, { name: 'receipts' }), run.submit(job)]);
    expect(asked.map(([name]) => name)).toEqual(['#0', 'receipts', '#1']);
  }
});

test('a name that could be taken for a place is refused', async () => {
  await expect(runOf().run.submit(job, { name: '#0' })).rejects.toThrow('must not begin with #');
});

test('payloads of a definition are checked before anything is sent', async () => {
  const { run, asked } = runOf();
  await run.submit({ ...job, type: mail, tasks: [{ payload: { to: 'b' } }] }, { with_parent: ['cancel'] });
  expect(asked).toEqual([['#0', { ...job, tasks: [{ payload: { to: 'b' } }] }, { with_parent: ['cancel'] }]]);
  const bad = { ...job, type: mail, tasks: [{ payload: { to: 'b' } }, { payload: { to: 1 } }] };
  await expect(run.submit(bad)).rejects.toThrow('A task does not fit the job mail: tasks[1].payload');
  expect(asked).toHaveLength(1);
});
