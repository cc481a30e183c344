import { createClient, type Client } from '@kintsugi/client';
import type { BatchJob, CreateJobInput } from '@kintsugi/contracts';
import { createWorker, type TaskHandler } from '@kintsugi/worker-sdk';
import type { Address } from '../system/system-under-test.js';
import { until } from './until.js';

const timeoutMs = 60_000;
/** Rarely: what is measured goes on meanwhile. */
const pollMs = 50;

interface OwnWorker {
  type: string;
  slots: number;
  handler: TaskHandler;
}

/** Measures with a worker of its own beside the platform, which serves one type of jobs in this process. */
export async function withWorker<Result>(
  { api, nats }: Address,
  { type, slots, handler }: OwnWorker,
  measure: (
    client: Client,
    head: Pick<CreateJobInput, 'product_id' | 'sending_group_id' | 'user_id' | 'type'>,
  ) => Promise<Result>,
): Promise<Result> {
  const worker = createWorker({ natsUrl: String(nats), name: type, slots, log: false });
  worker.handle(type, handler);
  await worker.start();
  try {
    const head = { product_id: 'bench', sending_group_id: 'bench', user_id: 'bench', type };
    return await measure(createClient({ baseUrl: String(api), timeoutMs }), head);
  } finally {
    await worker.stop();
  }
}

/** Waits for the end of a job. @throws where it is another one than was expected */
export async function endsAs(expected: 'completed' | 'failed', client: Client, jobId: string): Promise<void> {
  const isEnd = ({ status }: BatchJob): boolean => status === 'completed' || status === 'failed';
  const find = async (): Promise<BatchJob | null> => {
    const job = await client.getJob(jobId);
    return isEnd(job) ? job : null;
  };
  const { status } = await until(`the job is ${expected}`, find, pollMs);
  if (status !== expected) throw new Error(`The job that was to be ${expected} is ${status}.`);
}
