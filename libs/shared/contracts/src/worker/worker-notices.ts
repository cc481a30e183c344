import { z } from 'zod';

/** "I am alive": sent twice a second by a thread that no handler can block. */
export const beatSchema = z.object({ worker_id: z.string().min(1).max(128) });

export type Beat = z.infer<typeof beatSchema>;

/** Who a worker is and what it holds: sent by its main thread at start, every second, and when asked. */
export const inventorySchema = z.object({
  worker_id: z.string().min(1).max(128),
  host: z.string().max(256),
  pid: z.int(),
  /** Tasks that it can run at once. */
  slots: z.int().min(1).max(10_000),
  lanes: z.array(z.string().max(80)).max(1000),
  draining: z.boolean(),
  /** Chunk id and fence of each lease held, finished but unreceipted ones included. */
  held: z.array(z.tuple([z.string(), z.int()])).max(20_000),
  /** Tasks that have been running for a second or more: chunk id, index, start in epoch ms, progress from 0 to 1. */
  running: z.array(z.tuple([z.string(), z.int(), z.int(), z.number().min(0).max(1).nullable()])).max(20_000),
});

export type Inventory = z.infer<typeof inventorySchema>;

/** What job-service tells one worker beside work. */
export type WorkerControl =
  /** Stop the tasks of a cancelled job: their chunk ids and indexes. */
  | { kind: 'cancel'; tasks: [chunkId: string, indexes: number[]][] }
  /** The worker was taken for lost and its leases were passed on: stop all of them. */
  | { kind: 'lost' };
