import { describe, expect, test } from '@jest/globals';
import { slotStates } from '@kintsugi/contracts';
import { isLongAllocated, moved, newSlot, slotMoves, type Allocation, type SlotMove } from './slot.js';

const at = '2026-01-01T00:00:00.000Z';
const later = '2026-01-02T00:00:00.000Z';
const allocation: Allocation = { owner: 'o', purpose: null, allocated_at: at, heartbeat_at: at, lease_s: null, process: null };

describe('each state allows what the table says, and nothing else', () => {
  const cases = slotStates.flatMap((state) => (Object.keys(slotMoves) as SlotMove[]).map((move) => [state, move] as const));
  test.each(cases)('%s: %s', (state, move) => {
    const { from, to } = slotMoves[move];
    const after = moved({ ...newSlot('slot_1', 'app', at), state, allocation }, move, later);
    const isAllowed = (from as readonly string[]).includes(state);
    expect(after?.state ?? null).toBe(isAllowed ? to : null);
    if (after) expect(after.allocation).toEqual(to === 'ALLOCATED' ? allocation : null);
    if (after) expect(after.metadata.state_changed_at).toBe(state === to ? at : later);
  });
});

test('an allocation is too long after its hours, unless its owner is heard of', () => {
  const slot = { ...newSlot('slot_1', 'app', at), state: 'ALLOCATED' as const, allocation };
  const day = Date.parse(later);
  expect(isLongAllocated(slot, day, 24)).toBe(false);
  expect(isLongAllocated(slot, day + 1, 24)).toBe(true);
  const beating = { ...slot, allocation: { ...allocation, lease_s: 60, heartbeat_at: later } };
  expect(isLongAllocated(beating, day + 60_000, 24)).toBe(false);
  expect(isLongAllocated(beating, day + 60_001, 24)).toBe(true);
  expect(isLongAllocated({ ...slot, state: 'AVAILABLE' }, day + 1, 24)).toBe(false);
});
