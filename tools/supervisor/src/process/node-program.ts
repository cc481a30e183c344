import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { spawnLeashed } from '@kintsugi/servers';
import type { Runnable, ServerExit } from './runnable.js';

export interface NodeProgramDefinition {
  name: string;
  /** Absolute path of its main file. */
  program: string;
  /** Of Node.js itself, such as limits of memory. */
  flags: string[];
  folder: string;
  logFile: string;
  environment: Record<string, string>;
  /** From SIGTERM to SIGKILL: longer than it takes to end in order. */
  stopTimeoutMs: number;
}

/**
 * A program of ours as a child process. Its log goes straight to the file and not through us, so that its last
 * words are kept when we die before it. Its standard input is a line that breaks with us: the leash it watches itself.
 * On a fourth line it may give signs of life.
 */
export class NodeProgram implements Runnable {
  private child: ChildProcess | undefined;
  private gone: Promise<void> = Promise.resolve();
  private expected = false;
  private readonly signListeners = new Set<() => void>();
  private readonly exitListeners = new Set<(exit: ServerExit) => void>();

  constructor(private readonly definition: NodeProgramDefinition) {}

  get name(): string {
    return this.definition.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async start(): Promise<void> {
    if (this.child) throw new Error(`${this.name} is running already.`);
    const { program, flags, folder, logFile, environment } = this.definition;
    mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
    const log = openSync(logFile, 'a', 0o600);
    const child = spawnLeashed(process.execPath, [...flags, program], {
      cwd: folder,
      env: environment,
      stdio: ['pipe', log, log, 'pipe'],
    });
    closeSync(log);
    child.stdin?.on('error', () => undefined);
    child.stdio[3]?.on('data', () => this.signListeners.forEach((listener) => listener())).on('error', () => undefined);
    this.child = child;
    this.expected = false;
    this.gone = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        if (this.child !== child) return;
        this.child = undefined;
        resolve();
        for (const listener of this.exitListeners) listener({ code, signal, expected: this.expected });
      };
      child.once('exit', end);
      child.once('error', () => end(null, null));
    });
  }

  async stop(): Promise<void> {
    this.expected = true;
    this.child?.kill('SIGTERM');
    const killer = setTimeout(() => this.child?.kill('SIGKILL'), this.definition.stopTimeoutMs);
    await this.gone;
    clearTimeout(killer);
  }

  async kill(): Promise<void> {
    this.expected = true;
    this.child?.kill('SIGKILL');
    await this.gone;
  }

  onSign(listener: () => void): void {
    this.signListeners.add(listener);
  }

  onExit(listener: (exit: ServerExit) => void): () => void {
    this.exitListeners.add(listener);
    return () => void this.exitListeners.delete(listener);
  }
}
