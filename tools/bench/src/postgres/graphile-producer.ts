import { Logger, makeWorkerUtils } from 'graphile-worker';
import { lanes, type Lane, type TaskPayload } from '../domain/task-payload.js';
import type { Producer } from '../load/producer.js';
import type { Address } from '../system/system-under-test.js';
import { openPool } from './postgres-pool.js';

/** Larger batches were not faster on the machine it was tried on. */
const batchSize = 5_000;
const connectionsMax = 10;

/** Adds jobs with addJobs, or one by one with addJob. */
export async function createGraphileProducer(address: Address): Promise<Producer> {
  const pool = openPool(String(address['url']), connectionsMax);
  const jobs = await makeWorkerUtils({ pgPool: pool, logger: new Logger(() => () => undefined) });
  return {
    async submitBulk(lane: Lane, count: number, payloadOf: (n: number) => TaskPayload): Promise<string[]> {
      for (let first = 0; first < count; first += batchSize) {
        const length = Math.min(batchSize, count - first);
        await jobs.addJobs(
          Array.from({ length }, (_, index) => ({ identifier: lanes[lane], payload: payloadOf(first + index) })),
        );
      }
      return [];
    },
    async submitOne(lane: Lane, payload: TaskPayload): Promise<string> {
      const { id } = await jobs.addJob(lanes[lane], payload);
      return id;
    },
    async close(): Promise<void> {
      await jobs.release();
      await pool.end();
    },
  };
}
