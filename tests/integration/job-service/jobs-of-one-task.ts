import { jobIdOf, type CreateJobInput } from '@kintsugi/contracts';
import { callAction, type Bus } from '@kintsugi/messaging';
import { v7 as uuidv7 } from 'uuid';

type Head = Omit<CreateJobInput, 'tasks'>;

/** A job at a place of a bundle. */
export async function bundledJob(bus: Bus, job: Head, line: object): Promise<string> {
  return (await callAction(bus, 'createJob', { ...job, tasks: [line] })).job_id;
}

/** A job with a record: an upload makes one with chunks of its own, however few its tasks are. */
export async function ownedJob(bus: Bus, job: Head, line: object): Promise<string> {
  const job_id = jobIdOf(uuidv7());
  await callAction(bus, 'stageTasks', { job_id, sequence: 0, tasks: JSON.stringify(line), count: 1 });
  return (await callAction(bus, 'commitUpload', { job_id, chunks: 1, fingerprint: 'f', total_tasks: 1, job })).job_id;
}
