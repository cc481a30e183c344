import { Queue } from 'bullmq';
import { lanes, type Lane, type TaskPayload } from '../domain/task-payload.js';
import { inWindow } from '../load/in-window.js';
import type { Producer } from '../load/producer.js';
import type { Address } from '../system/system-under-test.js';
import { bullmqLanes } from './bullmq-lanes.js';
import { connectionOf } from './redis-connection.js';

/** Of batches of 1,000 to 5,000 one after the other or two at a time, the fastest on the machine it was tried on. */
const batchSize = 2_000;
const batchesUnderWay = 2;

/** Adds jobs with addBulk, or one by one with add; finished jobs are kept. */
export async function createBullmqProducer(address: Address): Promise<Producer> {
  const connection = connectionOf(address);
  const queues = new Map<Lane, Queue>(bullmqLanes.map((lane) => [lane, new Queue(lanes[lane], { connection })]));
  await Promise.all([...queues.values()].map((queue) => queue.waitUntilReady()));
  const queueOf = (lane: Lane): Queue => {
    const queue = queues.get(lane);
    if (!queue) throw new Error(`BullMQ is not measured with ${lanes[lane]}.`);
    return queue;
  };
  return {
    async submitBulk(lane: Lane, count: number, payloadOf: (n: number) => TaskPayload): Promise<string[]> {
      await inWindow(Math.ceil(count / batchSize), batchesUnderWay, async (batch) => {
        const first = batch * batchSize;
        const length = Math.min(batchSize, count - first);
        await queueOf(lane).addBulk(Array.from({ length }, (_, index) => ({ name: lane, data: payloadOf(first + index) })));
      });
      return [];
    },
    async submitOne(lane: Lane, payload: TaskPayload): Promise<string> {
      const job = await queueOf(lane).add(lane, payload);
      return job.id ?? '';
    },
    async close(): Promise<void> {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
