import { describe, expect, test } from '@jest/globals';
import { slotStates } from '@kintsugi/contracts';
import { hasLapsed, isLongAllocated, moved, newSlot, slotMoves, type Allocation, type SlotMove } from './slot.js';

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

test('an allocation that ends in silence has lapsed after its lease, counted from the start of the agent at the earliest', () => {
  const silent = { ...allocation, lease_s: 60, ends_in_silence: true };
  const slot = { ...newSlot('slot_1', 'app', at), state: 'ALLOCATED' as const, allocation: silent };
  const start = Date.parse(at);
  expect(hasLapsed(slot, start + 60_000, start)).toBe(false);
  expect(hasLapsed(slot, start + 60_001, start)).toBe(true);
  expect(hasLapsed(slot, start + 60_001, start + 1)).toBe(false);
  expect(hasLapsed({ ...slot, allocation: { ...silent, ends_in_silence: false } }, start + 60_001, start)).toBe(false);
  expect(hasLapsed({ ...slot, state: 'AVAILABLE', allocation: null }, start + 60_001, start)).toBe(false);
});
