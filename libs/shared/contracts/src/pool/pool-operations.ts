import {
  addSlotSchema,
  allocateSchema,
  allocatedSlotSchema,
  anomaliesSchema,
  autoRecoverSchema,
  autoRecoveryReportSchema,
  cleanedLocksSchema,
  cleanupStaleLocksSchema,
  corruptedSlotListSchema,
  createPoolSchema,
  deletePoolSchema,
  deletedPoolSchema,
  detectAnomaliesSchema,
  detectCorruptedSlotsSchema,
  detectLongAllocatedSlotsSchema,
  detectOrphanedLocksSchema,
  forceUnlockSchema,
  heartbeatSlotSchema,
  isolateSlotSchema,
  lockListSchema,
  poolListSchema,
  poolNameRequestSchema,
  poolSchema,
  recoverSlotSchema,
  releaseSchema,
  releasedSlotSchema,
  removeSlotSchema,
  removedSlotSchema,
  slotListSchema,
  slotRecoverySchema,
  slotIdRequestSchema,
  slotSchema,
  staleLocksSchema,
  unlockedSlotSchema,
} from './pool.js';
import { forgetPoolHostSchema, forgottenPoolHostSchema, listPoolsSchema } from './pool-host.js';

/** Cloning a large repository, or reading all its objects, takes its time. */
const answerTimeoutMs = 900_000;

const read = { service: 'pool', endpoint: '/pool-operations', role: 'viewer', tenancy: 'platform', answerTimeoutMs } as const;
/** What hosts have in memory: recovery-service waits 10 s for one that is silent. */
const lookUp = { ...read, answerTimeoutMs: 30_000 } as const;
const use = { ...read, role: 'operator' } as const;
const rule = { ...read, role: 'admin' } as const;
const ofHosts = { ...rule, service: 'recovery', answerTimeoutMs: 30_000 } as const;

/** What can be asked of pools of git working copies. */
export const poolOperations = {
  createPool: {
    ...rule,
    about: 'Makes a pool of working copies of a repository on a host. The answer is given when all are there.',
    request: createPoolSchema,
    response: poolSchema,
  },
  getPool: { ...lookUp, about: 'A pool with its slots.', request: poolNameRequestSchema, response: poolSchema },
  listPools: { ...lookUp, about: 'Pools, by name.', request: listPoolsSchema, response: poolListSchema },
  deletePool: { ...rule, about: 'Ends a pool and removes its slots.', request: deletePoolSchema, response: deletedPoolSchema },
  forgetPoolHost: {
    ...ofHosts,
    about: 'Forgets a host that is gone for good, with the names of its pools. Refused while its agent runs.',
    request: forgetPoolHostSchema,
    response: forgottenPoolHostSchema,
  },
  addSlot: { ...rule, about: 'Gives a pool one more slot.', request: addSlotSchema, response: slotSchema },
  removeSlot: {
    ...rule,
    about: 'Removes a slot; work that no remote has is kept for a while.',
    request: removeSlotSchema,
    response: removedSlotSchema,
  },
  allocate: {
    ...use,
    about: 'Gives a clean slot to an owner, with a token that proves it.',
    request: allocateSchema,
    response: allocatedSlotSchema,
  },
  heartbeatSlot: { ...use, about: 'Says that the owner of a slot is alive.', request: heartbeatSlotSchema, response: slotSchema },
  release: {
    ...use,
    about: 'Takes a slot back and cleans it; work that no remote has is kept for a while.',
    request: releaseSchema,
    response: releasedSlotSchema,
  },
  detectLongAllocatedSlots: {
    ...read,
    about: 'Slots that somebody has had for too long without a sign of life.',
    request: detectLongAllocatedSlotsSchema,
    response: slotListSchema,
  },
  detectCorruptedSlots: {
    ...read,
    about: 'Slots that are not as they should be, with what is wrong.',
    request: detectCorruptedSlotsSchema,
    response: corruptedSlotListSchema,
  },
  detectOrphanedLocks: {
    ...read,
    about: 'Locks of slots that nobody holds.',
    request: detectOrphanedLocksSchema,
    response: lockListSchema,
  },
  detectAnomalies: { ...read, about: 'All three at once.', request: detectAnomaliesSchema, response: anomaliesSchema },
  recoverSlot: {
    ...use,
    about: 'Repairs a slot: from removing a stale lock up to cloning it again.',
    request: recoverSlotSchema,
    response: slotRecoverySchema,
  },
  isolateSlot: {
    ...use,
    about: 'Marks a slot as ERROR, so that nobody gets it.',
    request: isolateSlotSchema,
    response: slotSchema,
  },
  autoRecover: {
    ...use,
    about: 'Detects anomalies and deals with each as far as asked for.',
    request: autoRecoverSchema,
    response: autoRecoveryReportSchema,
  },
  detectStaleLocks: { ...read, about: 'Locks that nobody holds, by age.', request: staleLocksSchema, response: lockListSchema },
  cleanupStaleLocks: {
    ...use,
    about: 'Removes locks that nobody holds, by age.',
    request: cleanupStaleLocksSchema,
    response: cleanedLocksSchema,
  },
  getSlot: {
    service: 'pool',
    role: 'viewer',
    tenancy: 'services',
    about: 'Between services: a slot as its host has it.',
    request: slotIdRequestSchema,
    response: slotSchema,
  },
  forceUnlock: {
    ...use,
    about: 'Removes the lock of a slot whoever holds it, and takes the slot back.',
    request: forceUnlockSchema,
    response: unlockedSlotSchema,
  },
} as const;
