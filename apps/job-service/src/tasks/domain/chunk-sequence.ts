import { PLAN_SEQUENCE } from '@kintsugi/contracts';
import type { Chunk } from './chunk.js';

/** A uuid and a dot come before it. */
const sequenceAt = 37;

/** The place of a plan: before all tasks of its job. */
export const planSequence = -1;

/** The place of a chunk among those of its job. */
export function sequenceOf({ id }: Pick<Chunk, 'id'>): number {
  const sequence = id.slice(sequenceAt);
  return sequence === PLAN_SEQUENCE ? planSequence : Number(sequence);
}
