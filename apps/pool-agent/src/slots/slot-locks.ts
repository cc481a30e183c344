import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { readRecord, removeDurably, writeDurably } from '../platform/durable-file.js';
import { bootId, startOfProcess } from '../platform/process/processes-in.js';
import { Clock } from '../platform/clock.js';
import { lockVerdict, type LockVerdict, type SlotLock } from './domain/lock-verdict.js';
import type { Slot } from './domain/slot.js';
import { keptOnDisk } from './kept-on-disk.js';
import { PoolFolder } from './pool-folder.js';

export interface FoundLock {
  slot_id: string;
  path: string;
  changedMs: number;
  /** Null where it can't be read. */
  lock: SlotLock | null;
}

/** The locks of allocated slots, one file each, for whoever looks at the folder while this process is away. */
@Injectable()
export class SlotLocks {
  constructor(
    private readonly folder: PoolFolder,
    private readonly clock: Clock,
  ) {}

  async put({ slot_id, token, allocation }: Slot): Promise<void> {
    if (allocation === null) return;
    const { owner, allocated_at, heartbeat_at, lease_s, process } = allocation;
    const lock: SlotLock = { slot_id, owner, host: hostname(), token, acquired_at: allocated_at, heartbeat_at, lease_s, process };
    await keptOnDisk(this.folder.root, () => writeDurably(this.folder.lock(slot_id), lock));
  }

  async remove(slotId: string): Promise<void> {
    await removeDurably(this.folder.lock(slotId));
  }

  async has(slotId: string): Promise<boolean> {
    return stat(this.folder.lock(slotId)).then(
      () => true,
      () => false,
    );
  }

  async all(): Promise<FoundLock[]> {
    const names = (await readdir(this.folder.of('locks'))).filter((name) => name.endsWith('.lock')).sort();
    const found = await Promise.all(
      names.map(async (name): Promise<FoundLock | null> => {
        const path = this.folder.of('locks', name);
        const stats = await stat(path).catch(() => null);
        if (!stats?.isFile()) return null;
        return { slot_id: name.slice(0, -5), path, changedMs: stats.mtimeMs, lock: lockOf(await readRecord(path)) };
      }),
    );
    return found.filter((one) => one !== null);
  }

  async verdictOf(lock: SlotLock): Promise<LockVerdict> {
    const pid_start = lock.process === null ? null : await startOfProcess(lock.process.pid);
    return lockVerdict(lock, { host: hostname(), boot_id: await bootId(), pid_start }, this.clock.now());
  }

  /** Removes a lock that is still the one that was seen. */
  async removeSeen({ path, changedMs }: Pick<FoundLock, 'path' | 'changedMs'>): Promise<boolean> {
    const stats = await stat(path).catch(() => null);
    if (stats?.mtimeMs !== changedMs) return false;
    await rm(path, { force: true });
    return true;
  }
}

function lockOf(record: unknown): SlotLock | null {
  const lock = record as SlotLock | null | undefined;
  return typeof lock?.owner === 'string' && typeof lock.token === 'number' && typeof lock.acquired_at === 'string' ? lock : null;
}
