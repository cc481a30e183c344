import { inventorySchema, laneSchema, limits, shown, type Inventory } from '@kintsugi/contracts';

export interface ReadInventory {
  inventory: Inventory;
  /** Lanes that are none, or too many, as they can be shown. */
  refused: string[];
}

/** Lanes named when some are refused. */
const refusedMax = 20;

/** A worker's inventory without the lanes that could be no job's: one bad name must not hide the others. Throws for what is none. */
export function readInventory(given: unknown): ReadInventory {
  const lanes = (given as { lanes?: unknown } | null)?.lanes;
  if (!Array.isArray(lanes)) return { inventory: inventorySchema.parse(given), refused: [] };
  const sound = lanes.filter((lane): lane is string => laneSchema.safeParse(lane).success).slice(0, limits.handlersPerWorker);
  const inventory = inventorySchema.parse({ ...(given as object), lanes: sound });
  if (sound.length === lanes.length) return { inventory, refused: [] };
  const taken = new Set<unknown>(sound);
  return {
    inventory,
    refused: lanes
      .filter((lane) => !taken.has(lane))
      .slice(0, refusedMax)
      .map(shown),
  };
}
