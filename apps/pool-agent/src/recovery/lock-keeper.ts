import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '@kintsugi/contracts';
import { Clock } from '../platform/clock.js';
import { HostProcesses } from '../platform/process/processes-in.js';
import { lookForLocks } from '../inspection/git-folder-files.js';
import type { Slot } from '../slots/domain/slot.js';
import { SlotBook } from '../slots/slot-book.js';
import { SlotLocks, type FoundLock } from '../slots/slot-locks.js';
import { SlotDoctor } from './slot-doctor.js';

/** A lock that nobody holds: that of a slot, or one that git has left in it. */
interface Orphan extends Pick<FoundLock, 'slot_id' | 'path' | 'changedMs'> {
  /** The slot is still allocated to whoever is gone. */
  isOfAllocation: boolean;
}

/** Finds and removes locks that nobody holds. One that may be held is never touched. */
@Injectable()
export class LockKeeper {
  constructor(
    private readonly book: SlotBook,
    private readonly locks: SlotLocks,
    private readonly doctor: SlotDoctor,
    private readonly clock: Clock,
    private readonly processes: HostProcesses,
  ) {}

  /** Slots with such a lock, each once. */
  async orphans(hours: number, pool?: string): Promise<string[]> {
    return [...new Set((await this.find(hours, pool)).map(({ slot_id }) => slot_id))];
  }

  /** @returns how many were removed */
  async cleanUp(hours: number, pool: string | undefined, dryRun: boolean, onError?: (error: unknown) => void): Promise<number> {
    const found = await this.find(hours, pool);
    if (dryRun) return found.length;
    let count = 0;
    for (const orphan of found) {
      try {
        if (await this.remove(orphan)) count += 1;
      } catch (error) {
        if (!onError) throw error;
        onError(error);
      }
    }
    return count;
  }

  /** Removes a lock whoever holds it, and takes the slot back. */
  async forceUnlock(slotId: string, dryRun: boolean): Promise<boolean> {
    const slot = this.book.find(slotId);
    const hasLock = await this.locks.has(slotId);
    if (!slot && !hasLock) throw new ProblemError('SLOT_NOT_FOUND', `There is no slot ${slotId}, and no lock of one.`);
    if (dryRun) return hasLock;
    if (slot?.state === 'ALLOCATED') await this.doctor.recover(slotId, { evict: true });
    await this.locks.remove(slotId);
    return hasLock;
  }

  private async find(hours: number, pool?: string): Promise<Orphan[]> {
    if (pool !== undefined) this.book.pool(pool);
    const before = this.clock.now() - hours * 3_600_000;
    const isOld = ({ changedMs }: { changedMs: number }): boolean => changedMs <= before;
    const ofSlots = await Promise.all((await this.locks.all()).filter(isOld).map((lock) => this.orphanOf(lock, pool)));
    const ofGit = await Promise.all(this.book.slotsOf(pool).map((slot) => this.orphansOfGit(slot, isOld)));
    return [...ofSlots.filter((one) => one !== null), ...ofGit.flat()];
  }

  private async orphanOf({ slot_id, path, changedMs, lock }: FoundLock, pool?: string): Promise<Orphan | null> {
    const slot = this.book.find(slot_id);
    if (pool !== undefined && slot?.pool !== pool) return null;
    if (this.book.isHeld(slot_id)) return null;
    const isOfAllocation = slot?.state === 'ALLOCATED';
    if (isOfAllocation && lock?.token === slot.token && (await this.locks.verdictOf(lock)) !== 'stale') return null;
    return { slot_id, path, changedMs, isOfAllocation };
  }

  private async orphansOfGit(slot: Slot, isOld: (lock: { changedMs: number }) => boolean): Promise<Orphan[]> {
    if (this.book.isHeld(slot.slot_id)) return [];
    const path = this.book.pathOf(slot);
    const old = (await lookForLocks(join(path, '.git'))).filter(isOld);
    if (old.length === 0) return [];
    const users = await this.processes.in(path);
    // Where nobody can tell who works there, somebody may.
    if (users === null || users.length > 0) return [];
    return old.map((lock) => ({
      slot_id: slot.slot_id,
      path: join(path, '.git', lock.path),
      changedMs: lock.changedMs,
      isOfAllocation: false,
    }));
  }

  private async remove(orphan: Orphan): Promise<boolean> {
    if (orphan.isOfAllocation) {
      await this.doctor.recover(orphan.slot_id, { evict: true });
      return true;
    }
    if (!this.book.find(orphan.slot_id)) return this.locks.removeSeen(orphan);
    return this.book.holding(orphan.slot_id, () => this.locks.removeSeen(orphan));
  }
}
