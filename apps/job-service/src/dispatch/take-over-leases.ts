import type { ChunkRecord } from '../tasks/chunk-record.js';
import type { ReadyLanes } from './ready-lanes.js';
import type { TaskEngine } from './task-engine.js';

/** Chunks read at once. */
const groupMax = 100;

export interface TakeOverParts {
  store: Pick<ChunkRecord, 'leasedBefore'>;
  engine: TaskEngine;
  lanes: ReadyLanes;
}

/**
 * Takes over the leases that an earlier leader gave: their workers are expected to be heard of, and if they are not, their
 * tasks run elsewhere. A last write of that leader may arrive when this one leads already, so it is done now and then.
 */
export async function takeOverLeases({ store, engine, lanes }: TakeOverParts): Promise<void> {
  const ids = await store.leasedBefore();
  for (let from = 0; from < ids.length; from += groupMax) {
    const group = ids.slice(from, from + groupMax);
    await engine.withChunks(group, (chunks) => {
      for (const chunk of chunks) if (chunk.count('ready') > 0) lanes.offer(chunk);
    });
  }
}
