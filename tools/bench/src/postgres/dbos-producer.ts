import { DBOSClient } from '@dbos-inc/dbos-sdk';
import { lanes, type Lane, type TaskPayload } from '../domain/task-payload.js';
import type { Producer } from '../load/producer.js';
import type { Address } from '../system/system-under-test.js';
import { dbosApplication } from './dbos-settings.js';

/** As many as it opens when nothing is said. */
const connectionsMax = 10;

/** Enqueues workflows one by one, from outside their application. */
export async function createDbosProducer(address: Address): Promise<Producer> {
  const client = await DBOSClient.create({
    systemDatabaseUrl: String(address['url']),
    systemDatabasePoolSize: connectionsMax,
    applicationName: dbosApplication.name,
  });
  return {
    async submitOne(lane: Lane, payload: TaskPayload): Promise<string> {
      const { workflowID } = await client.enqueue({ queueName: lanes[lane], workflowName: lanes[lane] }, payload);
      return workflowID;
    },
    close: () => client.destroy(),
  };
}
