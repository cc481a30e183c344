import { copyFile, readdir, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { nameOfSetAsideLog, outdatedLogs } from '../domain/log-retention.js';

export interface LogLimits {
  bytesMax: number;
  retentionDays: number;
}

const checkEveryMs = 5_000;

/**
 * Keeps a folder of logs within bounds. A log that has grown too large is copied and emptied in place, because
 * the processes write to it by a descriptor opened for appending; a line written in that moment may be lost.
 */
export class LogKeeper {
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly limits: LogLimits,
  ) {}

  start(): void {
    const check = (): void => {
      this.checking = this.check().catch(() => undefined);
    };
    check();
    this.timer = setInterval(check, checkEveryMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
  }

  async check(now = new Date()): Promise<void> {
    for (const fileName of await readdir(this.folder)) {
      const owner = /^([^.]+)\.log$/.exec(fileName)?.[1];
      if (owner !== undefined) await this.setAsideIfLarge(owner, now);
    }
    const outdated = outdatedLogs(await readdir(this.folder), now, this.limits.retentionDays);
    await Promise.all(outdated.map((fileName) => rm(join(this.folder, fileName), { force: true })));
  }

  private async setAsideIfLarge(owner: string, now: Date): Promise<void> {
    const path = join(this.folder, `${owner}.log`);
    if ((await stat(path)).size <= this.limits.bytesMax) return;
    await copyFile(path, join(this.folder, nameOfSetAsideLog(owner, now)));
    await truncate(path, 0);
  }
}
