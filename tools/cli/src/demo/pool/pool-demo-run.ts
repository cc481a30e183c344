import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@kintsugi/client';
import type { AutoRecoveryReport, PoolAnomalies, SlotView } from '@kintsugi/contracts';
import { canaryOf, damages } from './damages.js';
import { hashOfFolder } from './folder-hash.js';
import type { DemoSlot } from './pool-demo-summary.js';
import { runGit } from './run-git.js';

export const demoPoolName = 'demo';

/** The slots of a pool as they were, what is done to them, and what becomes of them. */
export class DemoPool {
  private readonly before: readonly string[];
  private beyond = '';

  /** @param outside a folder that is none of the pool's */
  constructor(
    private readonly slots: readonly SlotView[],
    private readonly outside: string,
  ) {
    this.before = slots.map(({ path }) => hashOfFolder(path));
  }

  /** Damages the first slots, each in another way. */
  damage(): Pick<DemoSlot, 'damage'>[] {
    for (const [index, { harm }] of damages.entries()) harm(this.victim(index));
    this.beyond = hashOfFolder(this.outside);
    return this.slots.map((_, index) => ({ damage: damages[index]?.what ?? null }));
  }

  /** What was found, slot by slot. */
  found({ corrupted_slots, orphaned_locks }: PoolAnomalies): Pick<DemoSlot, 'found'>[] {
    return this.slots.map(({ slot_id }) => ({
      found: [
        ...(corrupted_slots.find((slot) => slot.slot_id === slot_id)?.findings ?? []).map(
          ({ kind, detail }) => `${kind}: ${detail}`,
        ),
        ...(orphaned_locks.includes(slot_id) ? ['git-lock: nobody holds it, and nobody works in the slot'] : []),
      ],
    }));
  }

  /** How the slots are now, as the agent says and as git says. */
  async outcome(now: readonly SlotView[], found: readonly Pick<DemoSlot, 'found'>[], tree: string): Promise<DemoSlot[]> {
    return Promise.all(
      this.slots.map(async (slot, index) => {
        const after = now.find(({ slot_id }) => slot_id === slot.slot_id) ?? slot;
        const { last_recovery: last, isolation_reason: reason } = after.metadata;
        const isRepaired = last !== null && last.at !== slot.metadata.last_recovery?.at;
        return {
          ...{ slot_id: slot.slot_id, damage: damages[index]?.what ?? null, found: found[index]?.found ?? [] },
          ...{ rungs: isRepaired ? last.rungs : [], state: after.state, reason: after.state === 'ERROR' ? reason : null },
          sound: after.state === 'AVAILABLE' && (await isSound(slot.path, tree)),
          untouched: hashOfFolder(slot.path) === this.before[index],
        };
      }),
    );
  }

  get programWasRun(): boolean {
    return this.slots.some((_, index) => existsSync(canaryOf(this.victim(index))));
  }

  get isOutsideUntouched(): boolean {
    return hashOfFolder(this.outside) === this.beyond;
  }

  private victim(index: number): { path: string; outside: string } {
    return { path: (this.slots[index] as SlotView).path, outside: join(this.outside, `slot-${index + 1}`) };
  }
}

/** Nothing of the agent says whether a slot is sound. */
async function isSound(path: string, tree: string): Promise<boolean> {
  const at = [`--git-dir=${join(path, '.git')}`, `--work-tree=${path}`];
  try {
    await runGit(path, [...at, 'fsck', '--full', '--no-dangling', '--no-progress']);
    const [changed, now] = [
      await runGit(path, [...at, 'status', '--porcelain', '--ignored']),
      await runGit(path, [...at, 'rev-parse', 'HEAD^{tree}']),
    ];
    return changed === '' && now === tree;
  } catch {
    return false;
  }
}

/** Has the agent look, and then repair. */
export async function lookAndRepair(
  { pools }: Pick<Client, 'pools'>,
  onFound: (anomalies: PoolAnomalies) => void,
): Promise<{ report: AutoRecoveryReport; slots: SlotView[]; tookMs: number }> {
  onFound(await pools.detectAnomalies({ pool: demoPoolName }));
  const startedAt = performance.now();
  const report = await pools.autoRecover({ pool: demoPoolName });
  const tookMs = performance.now() - startedAt;
  return { report, slots: (await pools.getPool(demoPoolName)).slots, tookMs };
}
