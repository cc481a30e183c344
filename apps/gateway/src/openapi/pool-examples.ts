import type { ActionInput } from '@kintsugi/contracts';

const slot_id = 'slot_01890a5d-ac96-774b-bcce-b302099a8057';
const pool = 'app';

/** One good request of each action of pools. */
export const poolExamples = {
  createPool: { name: pool, repository_url: 'https://github.com/acme/app.git', size: 8, shallow: 50 },
  getPool: { name: pool },
  listPools: {},
  deletePool: { name: pool },
  addSlot: { pool },
  forgetPoolHost: { host: 'east', dry_run: true },
  removeSlot: { slot_id, force: true },
  allocate: { pool, owner: 'build-17', purpose: 'tests', ref: 'main', lease_s: 60 },
  heartbeatSlot: { slot_id, token: 4 },
  release: { slot_id, token: 4 },
  detectLongAllocatedSlots: { max_allocation_hours: 24 },
  detectCorruptedSlots: { depth: 'connectivity' },
  detectOrphanedLocks: { stale_lock_hours: 24 },
  detectAnomalies: { max_allocation_hours: 24 },
  recoverSlot: { slot_id },
  isolateSlot: { slot_id, reason: 'looks odd' },
  autoRecover: { strategy: 'conservative', dry_run: true },
  detectStaleLocks: { max_age_hours: 24 },
  cleanupStaleLocks: { max_age_hours: 24 },
  forceUnlock: { slot_id },
} as const satisfies { [Action in PoolAction]: ActionInput<Action> };

type PoolAction =
  | ('createPool' | 'getPool' | 'listPools' | 'deletePool' | 'addSlot' | 'removeSlot' | 'forgetPoolHost')
  | ('allocate' | 'heartbeatSlot' | 'release')
  | ('detectLongAllocatedSlots' | 'detectCorruptedSlots' | 'detectOrphanedLocks' | 'detectAnomalies')
  | ('recoverSlot' | 'isolateSlot' | 'autoRecover' | 'detectStaleLocks' | 'cleanupStaleLocks' | 'forceUnlock');
