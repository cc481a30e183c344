import { createClient, type TaskOrLines } from '@kintsugi/client';
import type { CreateJobInput } from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
import { parentsOf } from '../domain/layers.js';
import { lanes, type Lane, type TaskPayload } from '../domain/task-payload.js';
import type { HttpDoor, Producer } from '../load/producer.js';
import type { Address } from '../system/system-under-test.js';

const timeoutMs = 60_000;

/** What is measured is what a failure costs, and not how long it is waited after one. */
const retriedAtOnce = { max_attempts: 2, retry_interval: 0, retry_on_errors: [] };

/** Uploads many tasks as one NDJSON body over HTTP; jobs of one task are requests over NATS, or over HTTP. */
export async function createPlatformProducer(address: Address): Promise<Producer> {
  const client = createClient({ baseUrl: String(address['api']), timeoutMs });
  const bus = await Bus.connect({ servers: String(address['nats']), name: 'bench-producer' });
  return {
    async submitBulk(lane: Lane, count: number, payloadOf: (n: number) => TaskPayload): Promise<string[]> {
      const { job_id } = await client.submitTasks(headOf(lane), tasksOf(lane, count, payloadOf));
      return [job_id];
    },
    async submitOne(lane: Lane, payload: TaskPayload): Promise<string> {
      const { job_id } = await callAction(bus, 'createJob', jobOf(lane, payload), { timeoutMs });
      return job_id;
    },
    httpDoor: (lane: Lane): HttpDoor => ({
      url: `${String(address['api'])}/job-operations`,
      bodyOf: (payload) => JSON.stringify({ action: 'createJob', data: jobOf(lane, payload) }),
      receiptOf: (body) => (JSON.parse(body) as { job_id?: string }).job_id,
    }),
    close: () => bus.close(),
  };
}

function headOf(lane: Lane): CreateJobInput {
  const fails = lane === 'flaky' || lane === 'fail';
  return {
    ...{ product_id: 'bench', sending_group_id: 'bench', type: lanes[lane] },
    ...(fails ? { retry_config: retriedAtOnce } : {}),
    ...(lane === 'urgent' ? { priority: 9 } : {}),
    ...(lane === 'guest' ? { user_id: 'guest' } : {}),
  };
}

function jobOf(lane: Lane, payload: TaskPayload): CreateJobInput {
  return { ...headOf(lane), user_id: 'bench', tasks: [{ payload: { ...payload } }] };
}

function* tasksOf(lane: Lane, count: number, payloadOf: (n: number) => TaskPayload): Generator<TaskOrLines> {
  for (let n = 0; n < count; n += 1) {
    yield { payload: payloadOf(n), ...(lane === 'layered' ? { id: String(n), depends_on: parentsOf(n) } : {}) };
  }
}
