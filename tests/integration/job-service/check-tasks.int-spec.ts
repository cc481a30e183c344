import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chunkIdOf, jobIdOf, taskIdOf, type CreateJobInput, type TaskStatus } from '@kintsugi/contracts';
import { callAction, type Bus } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';

let servers: TestServers;
let service: JobServiceUnderTest;
let bus: Bus;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
  ({ bus } = service);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

async function jobOf(count: number): Promise<string> {
  const tasks: CreateJobInput['tasks'] = Array.from({ length: count }, (_, index) => ({ id: `t${index}`, payload: { index } }));
  const head = { product_id: 'shop', sending_group_id: 'spring', user_id: 'ann', type: 'trial' };
  return (await callAction(bus, 'createJob', { ...head, tasks })).job_id;
}

async function statusesOf(task_ids: string[]): Promise<TaskStatus[]> {
  return (await callAction(bus, 'checkTasks', { task_ids })).tasks;
}

describe('how tasks stand', () => {
  test('is told for tasks of many jobs at once, and what does not exist is left out', async () => {
    const [large, single] = [await jobOf(300), await jobOf(1)];
    const last = taskIdOf(chunkIdOf(large, 1), 43);
    const only = `task_${single.slice(4, 40)}.0.${single.slice(41)}`;
    const nowhere = [taskIdOf(chunkIdOf(jobIdOf(uuidv7()), 0), 0), taskIdOf(chunkIdOf(large, 1), 44)];
    expect(await statusesOf([last, ...nowhere, only])).toEqual([
      { task_id: last, state: 'ready', attempts: 0, job_status: 'pending' },
      { task_id: only, state: 'ready', attempts: 0, job_status: 'pending' },
    ]);
  });

  test('is cancelled once the job is, and the job is told as such', async () => {
    const jobId = await jobOf(2);
    await callAction(bus, 'cancelJob', { job_id: jobId });
    const task_id = taskIdOf(chunkIdOf(jobId, 0), 1);
    await eventually(async () =>
      expect(await statusesOf([task_id])).toEqual([{ task_id, state: 'cancelled', attempts: 0, job_status: 'cancelled' }]),
    );
  });

  test('is told of single-task jobs that are paused, and not of one that was deleted', async () => {
    const jobIds = [await jobOf(1), await jobOf(1), await jobOf(1)];
    const ids = jobIds.map((jobId) => `task_${jobId.slice(4, 40)}.0.${jobId.slice(41)}`);
    const [paused, deleted] = jobIds as [string, string, string];
    await callAction(bus, 'pauseJob', { job_id: paused });
    await callAction(bus, 'cancelJob', { job_id: deleted });
    await callAction(bus, 'deleteJob', { job_id: deleted });
    await eventually(async () => {
      const statuses = await statusesOf(ids);
      expect(statuses.map(({ task_id, job_status }) => [task_id, job_status])).toEqual([
        [ids[0], 'paused'],
        [ids[2], 'pending'],
      ]);
    });
  });

  test('is not asked without tasks, or of what is no task', async () => {
    await expect(statusesOf([])).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(statusesOf(['task_1'])).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
