import { z } from 'zod';
import { uuidPattern } from '../identifiers.js';
import { hostFact, hostsAwayFact, oneHost, onHost, poolHostSchema } from './pool-host.js';
import { poolOptionFacts, poolOptionFields } from './pool-options.js';
import { recoveryStrategyNames } from './recovery-strategies.js';

export const slotStates = ['AVAILABLE', 'ALLOCATED', 'RECOVERING', 'HOLD', 'ERROR'] as const;

export type SlotState = (typeof slotStates)[number];

export const poolNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/, 'lower-case letters, digits, dashes and underscores, at most 64')
  .describe('Its name, which no other pool has.');

export const slotIdSchema = z
  .string()
  .regex(new RegExp(`^slot_${uuidPattern}$`), 'a slot id')
  .describe('The slot.');

/** Slots that a pool may have at most. */
export const slotsMax = 200;

const hours = (fallback: number) => z.number().min(0).max(8_760).default(fallback);
const text = (lengthMax: number) => z.string().min(1).max(lengthMax);
const dryRunSchema = z.boolean().default(false).describe('Says what would be done, and changes nothing.');
const tokenSchema = z.int().min(1).describe('The token that `allocate` gave. That of an earlier owner is refused.');
const depthSchema = z
  .enum(['quick', 'connectivity', 'full'])
  .default('full')
  .describe('quick reads no objects, connectivity looks whether all that is needed is there, full reads each object.');
const onePool = {
  pool: poolNameSchema.optional().describe('Only slots of this pool; all pools when absent.'),
  ...oneHost,
};

export const createPoolSchema = z.strictObject({
  name: poolNameSchema,
  repository_url: text(2_000).describe('The repository: https://, ssh:// or what else POOL_ALLOWED_URLS names.'),
  size: z.int().min(0).max(slotsMax).default(1).describe('Slots that it has at first.'),
  branch: text(200).optional().describe('The branch that slots are at; the default branch of the repository when absent.'),
  host: poolHostSchema.optional().describe('The host that gets it; the one with the fewest slots when absent.'),
  ...poolOptionFields,
});

export const poolNameRequestSchema = z.strictObject({ name: poolNameSchema, ...onHost });
export const deletePoolSchema = z.strictObject({
  name: poolNameSchema,
  force: z.boolean().default(false).describe('Also while slots are allocated.'),
  dry_run: dryRunSchema,
  ...onHost,
});
export const addSlotSchema = z.strictObject({ pool: poolNameSchema.describe('The pool that gets one more slot.'), ...onHost });
export const removeSlotSchema = z.strictObject({
  slot_id: slotIdSchema,
  force: z.boolean().default(false).describe('Also while it is allocated.'),
  dry_run: dryRunSchema,
});

export const refSchema = text(200);

export const allocateSchema = z.strictObject({
  pool: poolNameSchema.describe('The pool of which a slot is wanted.'),
  ...onHost,
  owner: text(200).describe('Who works in it.'),
  purpose: text(500).optional().describe('What for.'),
  ref: refSchema.optional().describe('A branch, tag or commit of the repository to be at; the branch of the pool when absent.'),
  lease_s: z
    .int()
    .min(5)
    .max(86_400)
    .optional()
    .describe('Seconds for which each beat of the owner counts. With beats an allocation may last as long as it likes.'),
  pid: z
    .int()
    .min(2)
    .max(4_194_304)
    .optional()
    .describe('The process of the owner on the host of the pool, whose end is then seen.'),
  release_when_silent: z
    .boolean()
    .default(false)
    .describe(
      'Takes the slot back by itself when no beat has come for lease_s (60 when nothing is said) and no process works in it.',
    ),
});
export const heartbeatSlotSchema = z.strictObject({ slot_id: slotIdSchema, token: tokenSchema });
export const releaseSchema = z.strictObject({
  slot_id: slotIdSchema,
  token: tokenSchema.optional().describe('The token that `allocate` gave; without it, `force` has to be said.'),
  force: z.boolean().default(false).describe('Takes it from whoever has it.'),
  depth: z
    .enum(['quick', 'connectivity', 'full'])
    .default('quick')
    .describe('How closely it is looked at: full where what worked in it was killed, since git may have been writing.'),
  dry_run: dryRunSchema,
});

export const detectLongAllocatedSlotsSchema = z.strictObject({
  max_allocation_hours: hours(24).describe('Hours after which an allocation without beats is an anomaly.'),
  ...onePool,
});
export const detectCorruptedSlotsSchema = z.strictObject({ depth: depthSchema, ...onePool });
export const detectOrphanedLocksSchema = z.strictObject({
  stale_lock_hours: hours(24).describe('Hours after which a lock that nobody holds is an anomaly.'),
  ...onePool,
});
export const detectAnomaliesSchema = z.strictObject({
  max_allocation_hours: hours(24).describe('Hours after which an allocation without beats is an anomaly.'),
  stale_lock_hours: hours(24).describe('Hours after which a lock that nobody holds is an anomaly.'),
  depth: depthSchema,
  ...onePool,
});

export const recoverSlotSchema = z.strictObject({
  slot_id: slotIdSchema,
  force: z
    .boolean()
    .default(false)
    .describe('Takes it from whoever has it, and calls it available though the repair may have failed; it is then not verified.'),
  dry_run: dryRunSchema,
});
export const isolateSlotSchema = z.strictObject({
  slot_id: slotIdSchema,
  reason: text(500).default('isolated by hand').describe('Why; it is shown with the slot.'),
  dry_run: dryRunSchema,
});

export const autoRecoverSchema = z.strictObject({
  strategy: z
    .enum(recoveryStrategyNames)
    .optional()
    .describe(
      'conservative: 48 hours, nobody is interrupted. aggressive: 24 hours, silent owners lose their slots. maintenance: allocations are left alone.',
    ),
  max_allocation_hours: z
    .number()
    .min(0)
    .max(8_760)
    .optional()
    .describe('Hours after which an allocation without beats is too long; 24 when nothing says more.'),
  stale_lock_hours: hours(24).describe('Hours after which a lock that nobody holds is removed.'),
  recover_corrupted: z.boolean().default(true).describe('Repairs slots that are corrupted, and isolates those that resist.'),
  cleanup_orphaned_locks: z.boolean().default(true).describe('Removes locks that nobody holds.'),
  force_release_long_allocated: z
    .boolean()
    .optional()
    .describe('Takes slots from owners that have had them for too long; false when nothing says more.'),
  pause_s: z
    .number()
    .min(0)
    .max(600)
    .optional()
    .describe(
      'Makes two passes with so many seconds between: the first deals with locks and broken slots alone, the second with all that is left.',
    ),
  depth: depthSchema,
  dry_run: dryRunSchema,
  ...onePool,
});

export const staleLocksSchema = z.strictObject({
  max_age_hours: hours(24).describe('Hours after which a lock that nobody holds is stale.'),
  ...onePool,
});
export const cleanupStaleLocksSchema = staleLocksSchema.extend({ dry_run: dryRunSchema });
export const forceUnlockSchema = z.strictObject({ slot_id: slotIdSchema, dry_run: dryRunSchema });

const wasDrySchema = z.boolean().describe('Whether this is what would be done, and nothing was.');

const slotMetadataSchema = z.object({
  state_changed_at: z.string().describe('When it came into its state.'),
  verified: z
    .boolean()
    .describe('Whether it was sound when it was last looked at. False after a repair that failed and was overruled.'),
  commit: z.string().nullable().describe('The commit of its branch.'),
  isolated_at: z.string().nullable().describe('When it was isolated; null while it is not.'),
  isolation_reason: z.string().nullable().describe('Why it is isolated or on hold.'),
  evidence: z.string().nullable().describe('What was seen, in the words of git.'),
  failed_recoveries: z.int().describe('Repairs that failed since it was last sound.'),
  recloned_at: z.string().nullable().describe('When it was last cloned again.'),
  last_recovery: z
    .object({
      at: z.string().describe('When.'),
      found: z.array(z.string()).describe('What was wrong.'),
      rungs: z.array(z.string()).describe('What was done, in order.'),
    })
    .nullable()
    .describe('What was wrong at the last repair, and what was done.'),
});

export const slotSchema = z.object({
  slot_id: slotIdSchema,
  pool: z.string().describe('The pool that it belongs to.'),
  ...hostFact,
  state: z
    .enum(slotStates)
    .describe(
      'AVAILABLE, ALLOCATED or ERROR; RECOVERING while it is being repaired, HOLD while its host or the remote stands in the way of that.',
    ),
  path: z.string().describe('Where it is on its host.'),
  owner: z.string().nullable().describe('Who works in it.'),
  purpose: z.string().nullable().describe('What for.'),
  allocated_at: z.string().nullable().describe('Since when.'),
  heartbeat_at: z.string().nullable().describe('When its owner was last heard of; as allocated_at where he sends no beats.'),
  metadata: slotMetadataSchema.describe('How it is, and why.'),
});

const findingSchema = z.object({
  kind: z.string().describe('What is wrong, in a word that stays.'),
  detail: z.string().describe('Where, and how it was seen.'),
});

export const corruptedSlotSchema = slotSchema.extend({
  findings: z.array(findingSchema).describe('What is wrong with it.'),
});

const poolHead = {
  name: z.string().describe('Its name.'),
  ...hostFact,
  repository_url: z.string().describe('The repository.'),
  branch: z.string().describe('The branch that slots are at.'),
  created_at: z.string().describe('When it was made.'),
  size: z.int().describe('How many slots it has.'),
  ...poolOptionFacts,
};

export const poolSchema = z.object({ ...poolHead, slots: z.array(slotSchema).describe('Its slots.') });
export const poolListSchema = z.object({
  items: z
    .array(z.object({ ...poolHead, states: z.record(z.string(), z.int()).describe('Slots by state.') }))
    .describe('The pools.'),
  ...hostsAwayFact,
});

export const deletedPoolSchema = z.object({
  name: z.string().describe('The pool.'),
  slots: z.int().describe('Slots that went with it.'),
  dry_run: wasDrySchema,
});
export const removedSlotSchema = z.object({ slot_id: z.string().describe('The slot.'), dry_run: wasDrySchema });
export const allocatedSlotSchema = slotSchema.extend({
  token: z.int().describe('Proves who has it: to be sent with heartbeatSlot and release.'),
});
export const releasedSlotSchema = slotSchema.extend({
  saved: z.string().nullable().describe('Where commits and files that no remote has were kept; null where there were none.'),
  dry_run: wasDrySchema,
});

export const slotListSchema = z.object({ items: z.array(slotSchema).describe('The slots.'), ...hostsAwayFact });
export const corruptedSlotListSchema = z.object({ items: z.array(corruptedSlotSchema).describe('The slots.'), ...hostsAwayFact });
export const lockListSchema = z.object({
  items: z.array(z.string()).describe('Slots by their id; of some there is nothing but the lock.'),
  ...hostsAwayFact,
});
export const anomaliesSchema = z.object({
  long_allocated_slots: z.array(slotSchema).describe('Allocated for too long, and not heard of.'),
  corrupted_slots: z.array(corruptedSlotSchema).describe('Not as they should be.'),
  orphaned_locks: z.array(z.string()).describe('Slots whose locks nobody holds.'),
  ...hostsAwayFact,
});

export const slotRecoverySchema = z.object({
  success: z.boolean().describe('Whether it is available now.'),
  slot: slotSchema.describe('The slot as it is now.'),
  outcome: z
    .enum(['healthy', 'recovered', 'isolated', 'held', 'forced', 'would_recover'])
    .describe(
      'healthy: nothing was wrong. held: the host or the remote is in the way; try again later. forced: available, and not verified.',
    ),
  found: z.array(findingSchema).describe('What was wrong.'),
  rungs: z.array(z.string()).describe('What was done, in order.'),
  reason: z.string().nullable().describe('Why it did not succeed.'),
  advice: z.array(z.string()).describe('What to do next.'),
  saved: z.string().nullable().describe('Where commits and files that no remote has were kept.'),
});

export const autoRecoveryReportSchema = z.object({
  long_allocated_released: z.int().describe('Slots taken from owners that had them for too long.'),
  corrupted_recovered: z.int().describe('Slots that are sound again.'),
  corrupted_isolated: z.int().describe('Slots that could not be repaired.'),
  orphaned_locks_cleaned: z.int().describe('Locks that were removed.'),
  errors: z.array(z.string()).describe('What went wrong meanwhile, hosts that did not answer among it.'),
});
export const cleanedLocksSchema = z.object({
  count: z.int().describe('Locks that were removed, or would be.'),
  ...hostsAwayFact,
});
export const slotIdRequestSchema = z.strictObject({ slot_id: slotIdSchema });
export const unlockedSlotSchema = z.object({
  slot_id: z.string().describe('The slot.'),
  unlocked: z.boolean().describe('Whether there was a lock.'),
});

export type SlotView = z.infer<typeof slotSchema>;
export type PoolView = z.infer<typeof poolSchema>;
export type SlotRecovery = z.infer<typeof slotRecoverySchema>;
export type AutoRecoveryReport = z.infer<typeof autoRecoveryReportSchema>;
export type PoolAnomalies = z.infer<typeof anomaliesSchema>;
