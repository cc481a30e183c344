import type { Chunk } from './chunk.js';
import { recordOutcome } from './record-outcome.js';

/** The error type of tasks that could not be sent to a worker. */
const UNDELIVERABLE = 'task.undeliverable';

const message =
  'The task and its params are more than the NATS server takes in one message: raise its max_payload, or make the task smaller.';

/** The holder of a lease cannot be sent its tasks. They fail, and whoever reads them sees why. Gives whether it changed anything. */
export function failUndeliverable(chunk: Chunk, fence: number, now: number): boolean {
  const failed = (chunk.leaseOf(fence)?.indexes ?? []).map((index) => ({
    index,
    started: 0,
    took_us: 0,
    error_type: UNDELIVERABLE,
    error_message: message,
  }));
  const nothing = { done: [], started: [], took_us: [], returned: [] };
  const { taken } = recordOutcome(chunk, { chunk_id: chunk.id, fence, base_ms: now, ...nothing, failed }, now);
  return taken > 0;
}
