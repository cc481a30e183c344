import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { every } from '@kintsugi/boundary';
import { SettingsError } from '@kintsugi/hosting';
import { readRecord, writeDurably } from '../platform/durable-file.js';
import { bootId, markOfProcess, pidNamespace, startOfProcess, type ProcessMark } from '../platform/process/processes-in.js';
import { isOfPools, type PoolFolder } from './pool-folder.js';

interface OwnerRecord extends ProcessMark {
  id: string;
  pid_namespace: string;
  beats: number;
}

export interface OwnerTimes {
  beatMs: number;
  /** An owner that can't be seen is taken for gone after so long without a beat. */
  silentMs: number;
}

const ownerTimes: OwnerTimes = { beatMs: 3_000, silentMs: 15_000 };

/**
 * Makes this process the only one that writes to a folder, for as long as it beats there. On a shared volume the process of
 * another machine or container can't be seen, so what counts is whether its record changes: no clock is compared.
 */
export class FolderOwner {
  private readonly id = randomUUID();
  private readonly path: string;
  private beats = 0;
  private mark: ReturnType<typeof markOfOurs> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private beating: Promise<void> = Promise.resolve();

  /** @param onLost called once where another one has taken the folder: whatever writes there has to stop */
  constructor(
    private readonly folder: PoolFolder,
    private readonly onLost: () => void,
    private readonly times: OwnerTimes = ownerTimes,
  ) {
    this.path = join(folder.root, 'agent.json');
  }

  /** Rejects while another one has it, and where somebody else's files lie. */
  async take(): Promise<void> {
    const { root } = this.folder;
    await mkdir(root, { recursive: true, mode: 0o700 });
    const foreign = (await readdir(root)).filter((name) => !isOfPools(name));
    if (foreign.length > 0) {
      throw new SettingsError(
        `POOL_FOLDER is ${root}, and ${foreign.slice(0, 3).join(', ')} ${foreign.length === 1 ? 'is' : 'are'} there, which no pool has made. Name a folder that is empty.`,
      );
    }
    while (!(await this.created())) await this.removeSilent();
    this.timer = every('pool-owner', this.times.beatMs, () => (this.beating = this.beat()));
  }

  async giveBack(): Promise<void> {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    await this.beating.catch(() => undefined);
    if (await this.isMine()) await rm(this.path, { force: true });
  }

  private async created(): Promise<boolean> {
    try {
      await writeFile(this.path, `${JSON.stringify(await this.record())}\n`, { flag: 'wx', mode: 0o600, flush: true });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  /** Removes the record of an owner that is gone. */
  private async removeSilent(): Promise<void> {
    const seen = await this.text();
    if (seen === null) return;
    const other = (await readRecord(this.path)) as OwnerRecord | null | undefined;
    const isSeen = other?.boot_id === (await bootId()) && other.pid_namespace === (await pidNamespace());
    const isGone = isSeen && (await startOfProcess(other.pid)) !== other.pid_start;
    if (isSeen && !isGone) throw this.taken(`Process ${other.pid}`);
    if (!isGone) await this.outwait(seen);
    // Moved and looked at before it is removed: somebody else may have taken the folder meanwhile.
    const aside = `${this.path}.${this.id}`;
    await rename(this.path, aside).catch(() => undefined);
    const moved = await readFile(aside, 'utf8').catch(() => null);
    if (moved !== null && moved !== seen) await link(aside, this.path).catch(() => undefined);
    await rm(aside, { force: true });
  }

  private async outwait(seen: string): Promise<void> {
    const { beatMs, silentMs } = this.times;
    for (let waitedMs = 0; waitedMs < silentMs; waitedMs += beatMs) {
      await delay(beatMs);
      const now = await this.text();
      if (now !== null && now !== seen) throw this.taken('An agent of another machine or container');
    }
  }

  private async beat(): Promise<void> {
    if (this.timer === null) return;
    if (!(await this.isMine())) {
      clearInterval(this.timer);
      this.timer = null;
      this.onLost();
      return;
    }
    this.beats += 1;
    await writeDurably(this.path, await this.record());
  }

  private async isMine(): Promise<boolean> {
    return ((await readRecord(this.path)) as OwnerRecord | null | undefined)?.id === this.id;
  }

  private async record(): Promise<OwnerRecord> {
    // Neither is another at the next beat.
    this.mark ??= markOfOurs();
    return { id: this.id, ...(await this.mark), beats: this.beats };
  }

  private text(): Promise<string | null> {
    return readFile(this.path, 'utf8').catch(() => null);
  }

  private taken(who: string): Error {
    return new Error(
      `${who} has ${this.folder.root}, and one agent has a folder. End it, or give this one another with POOL_FOLDER.`,
    );
  }
}

async function markOfOurs(): Promise<ProcessMark & Pick<OwnerRecord, 'pid_namespace'>> {
  const mark = (await markOfProcess(process.pid)) ?? { boot_id: 'unknown', pid: process.pid, pid_start: 'unknown' };
  return { ...mark, pid_namespace: await pidNamespace() };
}
