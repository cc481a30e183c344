import { expect, test } from '@jest/globals';
import { serviceInMemory } from '../reconcile/service-in-memory.js';

const head = {
  ...{ product_id: 'p', sending_group_id: 'g', priority: 5, max_parallel_tasks: null, safety: 'idempotent' as const, labels: {} },
  ...{ retry_config: null, resource_limits: null },
};
const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const given = { type: 'send', userId: 'u', tenant: 'default' };

async function withJob() {
  const service = serviceInMemory();
  await service.chunked.accept(jobId, head as never, given, [['{}', '{}'], ['{}']]);
  const entry = service.ledger.get(jobId);
  if (!entry) throw new Error('The job was not accepted.');
  const priorities = (): number[] => [...service.stored.values()].map(({ priority }) => priority);
  return { ...service, entry, priorities };
}

test('the record, the chunks in the store and the event say the new priority', async () => {
  const { prioritiseTasks, entry, jobs, priorities } = await withJob();
  expect(await prioritiseTasks.ofJob(entry, 9, 'ann')).toBe(true);
  expect([entry.job.priority, priorities()]).toEqual([9, [9, 9]]);
  const record = await jobs.find(jobId);
  expect([record?.priority, record?.priority_moving]).toEqual([9, undefined]);
  expect(record?.outbox.at(-1)).toMatchObject({
    name: 'job.reprioritised',
    data: { jobs: [{ job_id: jobId, priority: 9, status: 'pending', by: 'ann' }] },
  });
});

test('of several at once, the record and all chunks have the last', async () => {
  const { prioritiseTasks, entry, jobs, priorities } = await withJob();
  await Promise.all([9, 1, 7, 2].map((priority) => prioritiseTasks.ofJob(entry, priority, 'ann')));
  expect([(await jobs.find(jobId))?.priority, entry.job.priority, priorities()]).toEqual([2, 2, [2, 2]]);
});

test('a move that a crash cut short is marked in the record, and made when a replica begins to lead', async () => {
  const { prioritiseTasks, entry, chunks, jobs, priorities } = await withJob();
  const move = chunks.setPriority.bind(chunks);
  chunks.setPriority = () => Promise.reject(new Error('killed'));
  await expect(prioritiseTasks.ofJob(entry, 9, 'ann')).rejects.toThrow('killed');
  expect([(await jobs.find(jobId))?.priority_moving, priorities()]).toEqual([true, [5, 5]]);
  chunks.setPriority = move;
  await prioritiseTasks.follow(entry);
  expect([(await jobs.find(jobId))?.priority_moving, priorities()]).toEqual([undefined, [9, 9]]);
});

test('the answer of a write before it does not bring the old priority back', async () => {
  const { prioritiseTasks, entry, ledger } = await withJob();
  const before = entry.job;
  await prioritiseTasks.ofJob(entry, 9, 'ann');
  entry.take({ ...before, status: 'running' });
  expect([entry.job.status, ledger.get(jobId)?.job.priority]).toEqual(['running', 9]);
});
