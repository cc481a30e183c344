import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformState } from '../domain/platform-state.js';
import { diskReason } from './disk-reason.js';
import { LogKeeper, type LogLimits } from './log-keeper.js';
import { removeState, stateFileOf, stateText, writePrivateFile } from './state-file.js';

export interface HomeKeeperParts {
  home: string;
  logs: LogLimits;
  state: () => PlatformState;
  /** Called when the home can't be written, and with null when it can be again: once each. */
  onTrouble: (reason: string | null) => void;
  /** Called when the folder of the logs had been removed. */
  onLogsGone: () => void;
}

const checkEveryMs = 2_000;
/** A disk at its limit takes one write and refuses the next: it is said to be well after so many checks without trouble. */
const calmChecks = 3;

/**
 * Keeps what the supervisor has in its home: the state, and the logs within bounds. Whatever the disk refuses, or somebody
 * removed or broke, is written again as soon as it can be; the platform itself never depends on it.
 */
export class HomeKeeper {
  private readonly logs: LogKeeper;
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> = Promise.resolve();
  private inTrouble = false;
  private checksSinceTrouble = 0;

  constructor(private readonly parts: HomeKeeperParts) {
    this.logs = new LogKeeper(join(parts.home, 'logs'), parts.logs);
  }

  start(): void {
    this.timer = setInterval(() => void (this.checking = this.checking.then(() => this.check())), checkEveryMs);
    this.timer.unref();
  }

  /** Writes the state as it is now, or later what it will be then. */
  save(): void {
    try {
      this.write();
    } catch (error) {
      this.note(error);
    }
  }

  async check(now = new Date()): Promise<void> {
    try {
      if (this.isStale()) this.write();
      if (await this.logs.check(now)) this.parts.onLogsGone();
      this.note(null);
    } catch (error) {
      this.note(error);
    }
  }

  /** Nothing is written any more; the state goes with the platform. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
    try {
      removeState(this.parts.home);
    } catch (error) {
      this.note(error);
    }
  }

  private write(): void {
    writePrivateFile(stateFileOf(this.parts.home), stateText(this.parts.state()));
  }

  private isStale(): boolean {
    try {
      return readFileSync(stateFileOf(this.parts.home), 'utf8') !== stateText(this.parts.state());
    } catch {
      return true;
    }
  }

  private note(error: unknown): void {
    this.checksSinceTrouble = error === null ? this.checksSinceTrouble + 1 : 0;
    const isTrouble = error !== null || (this.inTrouble && this.checksSinceTrouble < calmChecks);
    if (isTrouble === this.inTrouble) return;
    this.inTrouble = isTrouble;
    this.parts.onTrouble(isTrouble ? diskReason(error) : null);
  }
}
