import type { Chunk } from './chunk.js';

/** A uuid and a dot come before it. */
const sequenceAt = 37;

/** The place of a chunk among those of its job; NaN of its plan, which has none. */
export function sequenceOf({ id }: Pick<Chunk, 'id'>): number {
  return Number(id.slice(sequenceAt));
}
