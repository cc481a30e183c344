import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Platform } from '@kintsugi/supervisor';
import type { Fault } from '../domain/fault.js';
import type { Outage } from '../domain/invariants.js';
import type { SmallDisk } from './small-disk.js';

const broker = 'nats-server';
/** What happens between the copy of the broker's files and their return is what the broker forgets. */
const forgottenMs = 1_500;

/** Does to a platform what breaks platforms, and notes which workers could not work meanwhile. */
export class Injector {
  readonly outages: Outage[] = [];
  kills = 0;
  pauses = 0;

  constructor(
    private readonly platform: Platform,
    private readonly disk: SmallDisk | null,
  ) {}

  /** Resolves when the fault is over: what is left is for the platform to heal. */
  async inject({ kind, victim, lastsMs }: Fault): Promise<void> {
    const struck = victim === null ? this.platform.names : [victim];
    if (kind === 'kill' || kind === 'kill_all') for (const name of struck) this.kill(name, 'SIGKILL');
    else if (kind === 'term') for (const name of struck) this.kill(name, 'SIGTERM');
    else if (kind === 'pause' || kind === 'pause_all') await this.stopFor(struck, lastsMs);
    else if (kind === 'broker_files_lost') this.loseBrokerFiles();
    else if (kind === 'broker_rolled_back') await this.rollBrokerBack();
    else await this.fillDisk(lastsMs);
  }

  private kill(name: string, signal: NodeJS.Signals): void {
    const now = Date.now();
    for (const pid of this.platform.pids(name)) {
      if (isWorker(name)) this.outages.push({ pid, from: now, until: Infinity });
      this.kills += signal === 'SIGKILL' ? 1 : 0;
    }
    this.platform.kill(name, signal);
  }

  private async stopFor(names: readonly string[], lastsMs: number): Promise<void> {
    const paused = names.flatMap((name) => this.platform.pids(name));
    const workers = names.filter(isWorker).flatMap((name) => this.platform.pids(name));
    const outages = workers.map((pid) => ({ pid, from: Date.now(), until: Infinity }));
    // Where all stand still at once, nobody was there to miss the workers.
    if (names.length < this.platform.names.length) this.outages.push(...outages);
    this.pauses += 1;
    for (const pid of paused) signal(pid, 'SIGSTOP');
    await pause(lastsMs);
    for (const pid of paused) signal(pid, 'SIGCONT');
    for (const outage of outages) outage.until = Date.now();
  }

  private loseBrokerFiles(): void {
    rmSync(this.brokerFolder, { recursive: true, force: true });
    this.kill(broker, 'SIGKILL');
  }

  /** As after a power cut: what the broker had not yet written to its disk is gone. */
  private async rollBrokerBack(): Promise<void> {
    const copy = mkdtempSync(join(tmpdir(), 'kintsugi-broker-'));
    try {
      if (existsSync(this.brokerFolder)) cpSync(this.brokerFolder, copy, { recursive: true });
      await pause(forgottenMs);
      await this.platform.takeDown(broker);
      this.kills += 1;
      rmSync(this.brokerFolder, { recursive: true, force: true });
      cpSync(copy, this.brokerFolder, { recursive: true });
      await this.platform.startAgain(broker);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }

  private async fillDisk(lastsMs: number): Promise<void> {
    this.disk?.fill();
    await pause(lastsMs);
    this.disk?.free();
  }

  private get brokerFolder(): string {
    return join(this.platform.home, 'data', 'nats');
  }
}

function isWorker(name: string): boolean {
  return name.startsWith('worker-');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
