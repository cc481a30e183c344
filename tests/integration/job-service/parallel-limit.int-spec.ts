// A job that may run so many tasks at once runs no more of them, and no fewer while it has them.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { chunkIdOf, jobIdOf, type WorkHeader } from '@kintsugi/contracts';
import { callAction } from '@kintsugi/messaging';
import { eventually, startTestServers, type TestServers } from '@kintsugi/testing';
import { v7 as uuidv7 } from 'uuid';
import { startJobService, type JobServiceUnderTest } from './job-service-under-test.js';
import { ScriptedWorker } from './scripted-worker.js';

const type = 'limited';

let servers: TestServers;
let service: JobServiceUnderTest;
let worker: ScriptedWorker;

beforeAll(async () => {
  servers = await startTestServers();
  service = await startJobService(servers);
});

afterAll(async () => {
  await service?.stop();
  await servers?.stop();
});

beforeEach(() => {
  worker = new ScriptedWorker(service.bus, `worker-${uuidv7()}`, [type]);
});

afterEach(() => worker.stop());

/** A job of chunks of so many tasks, of which two may run at once. */
async function jobOf(...chunks: number[]): Promise<string> {
  const jobId = jobIdOf(uuidv7());
  for (const [sequence, count] of chunks.entries()) {
    const tasks = Array.from({ length: count }, () => '{}').join('\n');
    await callAction(service.bus, 'stageTasks', { job_id: jobId, sequence, tasks, count });
  }
  await callAction(service.bus, 'commitUpload', {
    ...{ job_id: jobId, chunks: chunks.length, fingerprint: 'f', total_tasks: chunks.reduce((sum, count) => sum + count, 0) },
    job: { product_id: 'p', sending_group_id: 'g', type, max_parallel_tasks: 2 },
  });
  return jobId;
}

/** Every task that the worker holds, as a part of its slice. */
function held(): WorkHeader[] {
  return worker.slices.flatMap((slice) => slice.indexes.map((index) => ({ ...slice, indexes: [index] })));
}

async function heldTwo(): Promise<WorkHeader[]> {
  return eventually(() => {
    const tasks = held();
    expect(tasks).toHaveLength(2);
    return tasks;
  });
}

it('goes on with two tasks at once to its end while one of its last chunk takes long', async () => {
  const jobId = await jobOf(2, 6);
  const last = chunkIdOf(jobId, 1);
  const [first] = await heldTwo();
  await worker.succeed(first as WorkHeader);
  const isLong = ({ chunk_id, indexes }: WorkHeader): boolean => chunk_id === last && indexes[0] === 0;
  const other = await eventually(() => {
    expect(held().some(isLong)).toBe(true);
    return held().find((task) => !isLong(task)) as WorkHeader;
  });
  // The job is full now: when the queue looks for others that can run, this one is left out, but for the chunk at hand.
  service.parts.queues.invalidate();
  service.parts.dispatcher.wake();
  const { window } = service.parts.queues.queue(type);
  await eventually(() =>
    expect({ complete: window.complete, leftOut: [...window.leftOut] }).toEqual({ complete: true, leftOut: [jobId] }),
  );
  await worker.succeed(other);
  for (let done = 0; done < 5; done += 1) {
    const short = (await heldTwo()).find((task) => !isLong(task)) as WorkHeader;
    expect(short.chunk_id).toBe(last);
    await worker.succeed(short);
  }
  await eventually(() => expect(held()).toHaveLength(1));
  await worker.succeed(held()[0] as WorkHeader);
  await eventually(async () => {
    const job = await callAction(service.bus, 'getJob', { job_id: jobId });
    expect(job).toMatchObject({ status: 'completed', task_counts: { succeeded: 8 } });
  });
});
