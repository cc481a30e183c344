import type { SlotView } from '@kintsugi/contracts';
import type { Slot } from './domain/slot.js';
import { type SlotBook } from './slot-book.js';

/** A slot as it is told of. */
export function slotView(slot: Slot, book: SlotBook): SlotView {
  const { slot_id, pool, state, allocation, metadata } = slot;
  return {
    ...{ slot_id, pool, host: book.host, state, path: book.pathOf(slot) },
    owner: allocation?.owner ?? null,
    purpose: allocation?.purpose ?? null,
    allocated_at: allocation?.allocated_at ?? null,
    heartbeat_at: allocation?.heartbeat_at ?? null,
    metadata: {
      ...metadata,
      last_recovery: metadata.last_recovery && { ...metadata.last_recovery },
    },
  };
}
