import type { SlotState } from '@kintsugi/contracts';

/** How the working copies of a pool are made. */
export interface PoolOptions {
  /** Commits of each branch and tag; null for the whole history. */
  shallow: number | null;
  /** What git leaves out until it is asked for, such as `blob:none`; null for nothing. */
  partial: string | null;
  /** Whether they have the submodules of the repository. */
  submodules: boolean;
  /** Whether they are made from a copy of the repository on this host. */
  reference_mirror: boolean;
}

/** What pools were before they could be told otherwise; their records say nothing of it. */
export const wholeCopies: PoolOptions = { shallow: null, partial: null, submodules: false, reference_mirror: true };

export interface Pool extends PoolOptions {
  name: string;
  repository_url: string;
  branch: string;
  object_format: 'sha1' | 'sha256';
  created_at: string;
}

/** Who has a slot. The token of a later owner is higher, so that an earlier one is known as late. */
export interface Allocation {
  owner: string;
  purpose: string | null;
  allocated_at: string;
  heartbeat_at: string;
  /** Seconds for which a beat is fresh; null where the owner sends none. */
  lease_s: number | null;
  /** The process of the owner on this host, where it was named. */
  process: { boot_id: string; pid: number; pid_start: string } | null;
  /** Whether it ends by itself when its owner is silent. */
  ends_in_silence?: boolean;
}

export interface SlotMetadata {
  state_changed_at: string;
  /** False where somebody has had it called available though it is not known to be sound. */
  verified: boolean;
  /** The commit that its branch was at when it was last verified. */
  commit: string | null;
  isolated_at: string | null;
  isolation_reason: string | null;
  /** The end of what git said. */
  evidence: string | null;
  /** Repairs that failed since it was last sound. */
  failed_recoveries: number;
  recloned_at: string | null;
  last_recovery: { at: string; found: string[]; rungs: string[] } | null;
}

export interface Slot {
  slot_id: string;
  pool: string;
  state: SlotState;
  token: number;
  allocation: Allocation | null;
  metadata: SlotMetadata;
}

/** Each move of a slot: from which states, to which. The one table of its life. */
export const slotMoves = {
  allocate: { from: ['AVAILABLE'], to: 'ALLOCATED' },
  inspect: { from: ['AVAILABLE', 'ALLOCATED', 'ERROR', 'HOLD', 'RECOVERING'], to: 'RECOVERING' },
  heal: { from: ['RECOVERING'], to: 'AVAILABLE' },
  hold: { from: ['RECOVERING'], to: 'HOLD' },
  isolate: { from: ['AVAILABLE', 'ALLOCATED', 'ERROR', 'HOLD', 'RECOVERING'], to: 'ERROR' },
} as const satisfies Record<string, { from: readonly SlotState[]; to: SlotState }>;

export type SlotMove = keyof typeof slotMoves;

/** The slot after a move; null where its state does not allow it. */
export function moved(slot: Slot, move: SlotMove, at: string, change: Partial<SlotMetadata> = {}): Slot | null {
  const { from, to } = slotMoves[move];
  if (!(from as readonly SlotState[]).includes(slot.state)) return null;
  const state_changed_at = slot.state === to ? slot.metadata.state_changed_at : at;
  return {
    ...slot,
    state: to,
    allocation: to === 'ALLOCATED' ? slot.allocation : null,
    metadata: { ...slot.metadata, state_changed_at, ...change },
  };
}

export function newSlot(slotId: string, pool: string, at: string): Slot {
  return {
    slot_id: slotId,
    pool,
    state: 'RECOVERING',
    token: 0,
    allocation: null,
    metadata: {
      state_changed_at: at,
      verified: false,
      commit: null,
      isolated_at: null,
      isolation_reason: null,
      evidence: null,
      failed_recoveries: 0,
      recloned_at: null,
      last_recovery: null,
    },
  };
}

/** What a slot has to be like after it is sound again. */
export const soundMetadata = {
  verified: true,
  isolated_at: null,
  isolation_reason: null,
  evidence: null,
  failed_recoveries: 0,
} as const;

/** Whether its owner was heard of within the lease. Without a lease nobody is heard of. */
export function isBeating({ heartbeat_at, lease_s }: Allocation, nowMs: number): boolean {
  return lease_s !== null && nowMs - Date.parse(heartbeat_at) <= lease_s * 1_000;
}

/** Whether an allocation that ends in silence has ended. Nobody can beat while the agent is away: silence counts from its start at the earliest. */
export function hasLapsed({ state, allocation }: Slot, nowMs: number, agentStartedMs: number): boolean {
  if (state !== 'ALLOCATED' || !allocation?.ends_in_silence || allocation.lease_s === null) return false;
  return nowMs - Math.max(Date.parse(allocation.heartbeat_at), agentStartedMs) > allocation.lease_s * 1_000;
}

/** Whether a slot has been allocated for too long, by somebody who is not heard of any more. */
export function isLongAllocated({ state, allocation }: Slot, nowMs: number, maxHours: number): boolean {
  if (state !== 'ALLOCATED' || allocation === null || isBeating(allocation, nowMs)) return false;
  return nowMs - Date.parse(allocation.allocated_at) > maxHours * 3_600_000;
}
