import type { Lane, TaskPayload } from '../domain/task-payload.js';
import type { Address } from '../system/system-under-test.js';

/** Takes a task by POST; what it answers is a receipt once the task is accepted. */
export interface HttpDoor {
  url: string;
  bodyOf(payload: TaskPayload): string;
  /** The receipt in an answer's body; undefined when there is none. */
  receiptOf(body: string): string | undefined;
}

/** Submits tasks to one system, the way its documentation shows. Lives in the producer process. */
export interface Producer {
  /** All tasks in as few requests as is advised, where that is measured. Resolves with the receipts when all are accepted. */
  submitBulk?: (lane: Lane, count: number, payloadOf: (n: number) => TaskPayload) => Promise<string[]>;
  /** One task in a request of its own, where that is measured. Resolves with its receipt when it is accepted. */
  submitOne?: (lane: Lane, payload: TaskPayload) => Promise<string>;
  /** Where one task is submitted by one HTTP request, where that is measured. */
  httpDoor?: (lane: Lane) => HttpDoor;
  close(): Promise<void>;
}

export type ProducerFactory = (address: Address) => Promise<Producer>;
