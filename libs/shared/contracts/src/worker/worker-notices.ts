import { z } from 'zod';
import { chunkIdSchema, workerIdSchema } from '../identifiers.js';
import { limits } from '../limits.js';
import { queueSchema } from './work-slice.js';

/** "I am alive": sent twice a second by a thread that no handler can block. */
export const beatSchema = z.object({ worker_id: workerIdSchema });

export type Beat = z.infer<typeof beatSchema>;

const leaseKeySchema = z.tuple([chunkIdSchema, z.int()]).describe('chunk id and fence');

/** Index, start in epoch ms, progress from 0 to 1, and the phase that it has named, if any. */
const runningTaskSchema = z.tuple([
  z.int(),
  z.int(),
  z.number().min(0).max(1).nullable(),
  z.string().max(limits.phaseLength).optional(),
]);

/** Who a worker is and what it holds: sent by its main thread at start, every second, and when asked. */
export const inventorySchema = z.object({
  worker_id: workerIdSchema,
  host: z.string().max(256),
  pid: z.int(),
  /** Tasks that it can run at once; none while handlers hold all slots that should have stopped. */
  slots: z.int().min(0).max(10_000),
  /** One name that no job type can have takes nothing from the others. */
  queues: z
    .array(z.string())
    .max(limits.handlersPerWorker)
    .transform((names) => names.filter((name) => queueSchema.safeParse(name).success)),
  draining: z.boolean(),
  /** What it may use, in MiB and cores; tasks that say what they use are given to it as far as that goes. */
  capacity: z.object({ memory_mib: z.number().positive(), cpu_cores: z.number().positive() }).optional(),
  /** Each lease held, finished but unreceipted ones included. */
  held: z.array(leaseKeySchema).max(20_000),
  /** By lease, the tasks that have been running for a second or more. */
  running: z.array(z.tuple([chunkIdSchema, z.int(), z.array(runningTaskSchema).max(256)])).max(20_000),
});

export type Inventory = z.infer<typeof inventorySchema>;

/** What job-service tells one worker beside work. */
export type WorkerControl =
  /** Stop the tasks of a cancelled job; each still has to be reported. */
  | { kind: 'cancel'; tasks: [chunkId: string, indexes: number[]][] }
  /** Stop the tasks of a paused job and hand them back. Unsafe ones that run go on. */
  | { kind: 'stop'; tasks: [chunkId: string, indexes: number[]][] }
  /**
   * These leases have passed on: start none of their tasks that wait, stop those that run and say nothing of them.
   * Unsafe ones that run go on and are reported: nobody else can tell whether they took effect.
   */
  | { kind: 'revoke'; leases: [chunkId: string, fence: number][] };
