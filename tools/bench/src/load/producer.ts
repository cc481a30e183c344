import type { Lane, TaskPayload } from '../domain/task-payload.js';
import type { Address } from '../system/system-under-test.js';

/** Submits tasks to one system, the way its documentation shows. Lives in the producer process. */
export interface Producer {
  /** All tasks in as few requests as is advised. Resolves with the receipts when all are accepted. */
  submitBulk(lane: Lane, count: number, payloadOf: (n: number) => TaskPayload): Promise<string[]>;
  /** One task in a request of its own. Resolves with its receipt when it is accepted. */
  submitOne(lane: Lane, payload: TaskPayload): Promise<string>;
  /** The same through an HTTP door, where the system has one. */
  submitOneByHttp?(lane: Lane, payload: TaskPayload): Promise<string>;
  close(): Promise<void>;
}

export type ProducerFactory = (address: Address) => Promise<Producer>;
