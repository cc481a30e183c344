import { inventorySchema, queueSchema, limits, shown, type Inventory } from '@kintsugi/contracts';

export interface ReadInventory {
  inventory: Inventory;
  /** Queues that are none, or too many, as they can be shown. */
  refused: string[];
}

/** Queues named when some are refused. */
const refusedMax = 20;

/** A worker's inventory without the queues that could be no job's: one bad name must not hide the others. Throws for what is none. */
export function readInventory(given: unknown): ReadInventory {
  const queues = (given as { queues?: unknown } | null)?.queues;
  if (!Array.isArray(queues)) return { inventory: inventorySchema.parse(given), refused: [] };
  const sound = queues
    .filter((queue): queue is string => queueSchema.safeParse(queue).success)
    .slice(0, limits.handlersPerWorker);
  const inventory = inventorySchema.parse({ ...(given as object), queues: sound });
  if (sound.length === queues.length) return { inventory, refused: [] };
  const taken = new Set<unknown>(sound);
  return {
    inventory,
    refused: queues
      .filter((queue) => !taken.has(queue))
      .slice(0, refusedMax)
      .map(shown),
  };
}
