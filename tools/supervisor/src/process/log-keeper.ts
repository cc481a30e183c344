import { copyFile, mkdir, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { nameOfSetAsideLog, oldestSetAside, outdatedLogs } from '../domain/log-retention.js';

export interface LogLimits {
  bytesMax: number;
  retentionDays: number;
}

/**
 * Keeps a folder of logs within bounds. A log that has grown too large is copied and emptied in place, because
 * the processes write to it by a descriptor opened for appending; a line written in that moment may be lost.
 */
export class LogKeeper {
  constructor(
    private readonly folder: string,
    private readonly limits: LogLimits,
  ) {}

  /** Gives whether the folder had been removed; then it is there again, for all who start from now on. */
  async check(now = new Date()): Promise<boolean> {
    const wasGone = (await mkdir(this.folder, { recursive: true, mode: 0o700 })) !== undefined;
    const fileNames = await readdir(this.folder);
    await this.removeOutdated(fileNames, now);
    let isSetAside = false;
    for (const fileName of fileNames) {
      const owner = /^([^.]+)\.log$/.exec(fileName)?.[1];
      if (owner !== undefined && (await this.setAsideIfLarge(owner, now))) isSetAside = true;
    }
    if (isSetAside) await this.removeOutdated(await readdir(this.folder), now);
    return wasGone;
  }

  private async removeOutdated(fileNames: string[], now: Date): Promise<void> {
    const outdated = outdatedLogs(fileNames, now, this.limits.retentionDays);
    await Promise.all(outdated.map((fileName) => rm(join(this.folder, fileName), { force: true })));
  }

  private async setAsideIfLarge(owner: string, now: Date): Promise<boolean> {
    const path = join(this.folder, `${owner}.log`);
    if ((await stat(path)).size <= this.limits.bytesMax) return false;
    await this.copyInto(nameOfSetAsideLog(owner, now), path);
    await truncate(path, 0);
    return true;
  }

  /** On a disk that is full the oldest of what was set aside goes first, of whichever process. */
  private async copyInto(fileName: string, path: string): Promise<void> {
    const aside = join(this.folder, fileName);
    for (;;) {
      try {
        return await copyFile(path, aside);
      } catch (error) {
        // Half a copy is of no use, and takes the room that is wanted.
        await rm(aside, { force: true });
        const oldest = oldestSetAside(await readdir(this.folder));
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || oldest === null) throw error;
        await rm(join(this.folder, oldest), { force: true });
      }
    }
  }
}
