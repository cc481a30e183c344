import { lanes, type Lane } from '../domain/task-payload.js';
import type { HttpDoor, Producer } from '../load/producer.js';
import type { Address } from '../system/system-under-test.js';
import { handlerName } from './restate-handler.js';

/** Invocations sent one way: the answer comes when the invocation is durable, not when it has ended. */
export async function createRestateProducer(address: Address): Promise<Producer> {
  return {
    httpDoor: (lane: Lane): HttpDoor => ({
      url: `${String(address['ingress'])}/${lanes[lane]}/${handlerName}/send`,
      bodyOf: (payload) => JSON.stringify(payload),
      receiptOf: (body) => (JSON.parse(body) as { invocationId?: string }).invocationId,
    }),
    close: async () => undefined,
  };
}
