import type { CreateJobInput, JobReceipt } from '@kintsugi/contracts';
import { Bus, callAction } from '@kintsugi/messaging';
import { lanes, type Lane, type TaskPayload } from '../domain/task-payload.js';
import type { Producer } from '../load/producer.js';
import type { Address } from '../system/system-under-test.js';

/** Bytes of an upload that are written at a time. */
const pieceBytes = 64 * 1024;
const timeoutMs = 60_000;

/** Uploads many tasks as one NDJSON body over HTTP; jobs of one task are requests over NATS, or over HTTP. */
export async function createPlatformProducer(address: Address): Promise<Producer> {
  const url = `${address['api']}/job-operations`;
  const bus = await Bus.connect({ servers: String(address['nats']), name: 'bench-producer' });
  return {
    async submitBulk(lane: Lane, count: number, payloadOf: (n: number) => TaskPayload): Promise<string[]> {
      const body = ReadableStream.from(piecesOf(lane, count, payloadOf));
      const { job_id } = await post(url, 'application/x-ndjson', body);
      return [job_id];
    },
    async submitOne(lane: Lane, payload: TaskPayload): Promise<string> {
      const { job_id } = await callAction(bus, 'createJob', jobOf(lane, payload), { timeoutMs });
      return job_id;
    },
    async submitOneByHttp(lane: Lane, payload: TaskPayload): Promise<string> {
      const { job_id } = await post(url, 'application/json', JSON.stringify({ action: 'createJob', data: jobOf(lane, payload) }));
      return job_id;
    },
    close: () => bus.close(),
  };
}

function headOf(lane: Lane): CreateJobInput {
  return { product_id: 'bench', sending_group_id: 'bench', type: lanes[lane] };
}

function jobOf(lane: Lane, payload: TaskPayload): CreateJobInput {
  return { ...headOf(lane), user_id: 'bench', tasks: [{ payload: { ...payload } }] };
}

async function* piecesOf(lane: Lane, count: number, payloadOf: (n: number) => TaskPayload): AsyncGenerator<Uint8Array> {
  let text = `${JSON.stringify({ action: 'createJob', data: headOf(lane) })}\n`;
  for (let n = 0; n < count; n += 1) {
    text += `${JSON.stringify({ payload: payloadOf(n) })}\n`;
    if (text.length < pieceBytes) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}

async function post(url: string, contentType: string, body: string | ReadableStream): Promise<JobReceipt> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body, duplex: 'half' });
  const answer = await response.text();
  if (!response.ok) throw new Error(`The gateway answered ${response.status}: ${answer.slice(0, 500)}`);
  return JSON.parse(answer) as JobReceipt;
}
