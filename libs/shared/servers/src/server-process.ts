import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, statfsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnLeashed } from './leash.js';
import { PortTakenError, isPortFree, whoHoldsPort } from './ports.js';
import type { ServerBinary } from './resolve-binary.js';
import { faultInLog, faultOfDisk, type ServerFault } from './server-fault.js';
import { ServerLog } from './server-log.js';

/** What a kind of server says about itself. */
export interface ServerDefinition {
  name: string;
  binary: ServerBinary;
  args: readonly string[];
  url: string;
  port: number;
  /** Its data. One server at a time may use it. */
  folder: string;
  logFile: string;
  readyTimeoutMs: number;
  /** Writes what it reads at its start, before each start: its folder may have been emptied. */
  prepare?: () => void;
  /** Throws until the process with this pid does its work. */
  probe: (pid: number) => Promise<void>;
  /** Throws when it does not answer; left out, nobody asks it. */
  ping?: () => Promise<void>;
}

export interface ServerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Whether `stop` or `kill` asked for it. */
  expected: boolean;
  /** What its log says of it, where it is one of ours to understand. */
  fault?: ServerFault;
}

/** A server that didn't start. The message ends with the last lines of its log where nothing better is known. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';

  constructor(
    /** One sentence. */
    readonly summary: string,
    readonly log: { path: string; tail: string },
    readonly fault: ServerFault | null = null,
  ) {
    super(fault || !log.tail ? summary : `${summary} The end of ${log.path}:\n${log.tail}`);
  }
}

const stopTimeoutMs = 15_000;
const probeDelayMs = 25;
const pingEveryMs = 5_000;
const leftoverTimeoutMs = 15_000;

/** A server as a child process on our leash: it can be started, stopped, killed and started again on the same port and data. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private gone: Promise<void> = Promise.resolve();
  private expected = false;
  private readonly signListeners = new Set<() => void>();
  private readonly exitListeners = new Set<(exit: ServerExit) => void>();
  private readonly log: ServerLog;

  constructor(private readonly definition: ServerDefinition) {
    this.log = new ServerLog(definition.logFile);
  }

  get name(): string {
    return this.definition.name;
  }

  get url(): string {
    return this.definition.url;
  }

  get port(): number {
    return this.definition.port;
  }

  get binary(): ServerBinary {
    return this.definition.binary;
  }

  /** Undefined while it isn't running. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when it does its work; rejects with the reason, and leaves nothing running, when it can't. */
  async start(): Promise<void> {
    if (this.child) throw new Error(`${this.name} is running already.`);
    mkdirSync(this.definition.folder, { recursive: true });
    await this.waitForPort();
    this.definition.prepare?.();
    const child = this.spawn();
    try {
      await this.waitUntilReady(child);
      void this.pingWhileItLives(child);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** Asks it to end in order; kills it when it hasn't after fifteen seconds. */
  async stop(): Promise<void> {
    const { child } = this;
    if (!child) return;
    this.expected = true;
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await this.gone;
    clearTimeout(killer);
  }

  /** Ends it with SIGKILL, as a crash would. */
  async kill(): Promise<void> {
    this.expected = true;
    this.child?.kill('SIGKILL');
    await this.gone;
  }

  /** Tells of each end of the process. Returns how to stop listening. */
  onExit(listener: (exit: ServerExit) => void): () => void {
    this.exitListeners.add(listener);
    return () => void this.exitListeners.delete(listener);
  }

  /** Tells of each answer that it gives when it is asked whether it lives. */
  onSign(listener: () => void): void {
    this.signListeners.add(listener);
  }

  private async pingWhileItLives(child: ChildProcess): Promise<void> {
    const { ping } = this.definition;
    while (ping && this.child === child && this.signListeners.size > 0) {
      const answered = await ping().then(
        () => true,
        () => false,
      );
      if (answered && this.child === child) for (const listener of this.signListeners) listener();
      await delay(pingEveryMs, undefined, { ref: false });
    }
  }

  private spawn(): ChildProcess {
    const { binary, args, folder } = this.definition;
    const log = this.log.open();
    const child = spawnLeashed(binary.path, args, {
      cwd: folder,
      env: { ...process.env, ...binary.env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.child = child;
    this.expected = false;
    this.gone = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        if (this.child !== child) return;
        this.child = undefined;
        resolve();
        // Who was killed says nothing, and what its log and its disk say is not why.
        const fault = this.expected || signal === 'SIGKILL' ? null : this.whatWentWrong();
        for (const listener of this.exitListeners) listener({ code, signal, expected: this.expected, ...(fault && { fault }) });
      };
      child.once('exit', end);
      child.once('error', () => {
        if (child.pid === undefined) end(null, null);
      });
    });
    return child;
  }

  private async waitUntilReady(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + this.definition.readyTimeoutMs;
    let reason: unknown;
    while (Date.now() < deadline) {
      if (this.child !== child) throw await this.whyItEnded();
      try {
        await this.definition.probe(child.pid ?? 0);
        if (this.child === child) return;
      } catch (error) {
        reason = error;
        await delay(probeDelayMs);
      }
    }
    const cause = reason instanceof Error ? reason.message : String(reason);
    throw this.startError(`${this.name} wasn't ready after ${this.definition.readyTimeoutMs} ms: ${cause}`);
  }

  /** The port can be lost to another process between our look at it and the server's start. */
  private async whyItEnded(): Promise<Error> {
    const { name, port, binary } = this.definition;
    if (!(await isPortFree(port))) return new PortTakenError(name, port, whoHoldsPort(port));
    return this.startError(`${name} (${binary.path}) ended while starting`);
  }

  /** A server that a dead holder left on our own data is about to be ended by its guardian; any other holder is a fault. */
  private async waitForPort(): Promise<void> {
    const { name, port, folder } = this.definition;
    const deadline = Date.now() + leftoverTimeoutMs;
    while (!(await isPortFree(port))) {
      const holder = whoHoldsPort(port);
      const isLeftover = holder?.command.includes(folder) ?? false;
      if (holder && (!isLeftover || Date.now() > deadline)) throw new PortTakenError(name, port, holder);
      if (!holder && Date.now() > deadline) throw new PortTakenError(name, port, holder);
      await delay(probeDelayMs);
    }
  }

  private startError(what: string): ServerStartError {
    const fault = this.whatWentWrong();
    const { path } = this.log;
    return new ServerStartError(`${what}${fault ? `: ${fault.reason}` : ''}.`, { path, tail: this.log.tail() }, fault);
  }

  private whatWentWrong(): ServerFault | null {
    const { name, folder, logFile } = this.definition;
    const place = { folder, logFile };
    return faultInLog(name, this.log.ofThisLife(), place) ?? faultOfDisk(name, bytesFreeIn(folder), place);
  }
}

function bytesFreeIn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
