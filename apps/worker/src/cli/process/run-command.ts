import { spawn, type ChildProcess } from 'node:child_process';
import { after, giveBack, guarded } from '@kintsugi/boundary';
import {
  excessWords,
  ProcessMeter,
  signalGroup,
  type Excess,
  type ProcessLimits,
  type ProcessUse,
} from '@kintsugi/worker-sdk/processes';
import type { CommandEnd } from '../domain/command-failure.js';
import { KeptOutput } from '../domain/kept-output.js';

export type OutputStream = 'stdout' | 'stderr';

export interface CommandOrder {
  executable: string;
  args: readonly string[];
  folder: string;
  environment: Record<string, string>;
  timeoutMs: number;
  limits: ProcessLimits;
  /** From SIGTERM to SIGKILL. */
  graceMs: number;
  /** Ends it. */
  signal: AbortSignal;
  /** Called for what it writes, as it comes. The bytes are gone when this returns. */
  onOutput: (stream: OutputStream, bytes: Buffer) => void;
  /** Called for what it has used so far, now and then and at its end, on systems that tell. */
  onUsage: (used: ProcessUse) => void;
}

export interface CommandRun extends CommandEnd {
  durationMs: number;
  stdout: KeptOutput;
  stderr: KeptOutput;
  /** Something that it started may still run outside of its process group. */
  leftSomething: boolean;
}

/** A command that has ended may have left others behind that hold its output open: they are waited for this long. */
const lingerMs = 500;

/** The groups of commands under way. */
const groups = new Set<number>();

/**
 * Runs a program in a process group of its own, without a shell and without standard input. Its output is read as fast as it
 * comes and kept in bounded memory. Nothing of the group is left when this resolves.
 */
export function runCommand(order: CommandOrder): Promise<CommandRun> {
  return new Promise((resolve) => new Course(order, resolve).start());
}

/** Kills every command of this process, which is about to end. */
export function killAllCommands(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL');
}

class Course {
  private readonly output = { stdout: new KeptOutput(), stderr: new KeptOutput() };
  private readonly begun = performance.now();
  private child: ChildProcess | null = null;
  private meter: ProcessMeter | null = null;
  private timers: NodeJS.Timeout[] = [];
  private timedOut = false;
  private excess: Excess | null = null;
  private leftSomething = false;
  private exit: { code: number | null; signal: string | null } | null = null;
  private readonly stop = guarded('cli.stop', () => this.end());

  constructor(
    private readonly order: CommandOrder,
    private readonly done: (run: CommandRun) => void,
  ) {}

  start(): void {
    const { executable, args, folder, environment, timeoutMs, signal } = this.order;
    if (signal.aborted) return this.finish('ECANCELED');
    try {
      this.child = spawn(executable, [...args], {
        cwd: folder,
        env: environment,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } catch (error) {
      return this.finish(codeOf(error));
    }
    const { child } = this;
    if (child.pid !== undefined) {
      groups.add(child.pid);
      this.meter = new ProcessMeter(child.pid, this.order.limits, this.order.onUsage, (excess) => this.killFor(excess));
    }
    child.once(
      'error',
      guarded('cli.error', (error: Error) => this.finish(codeOf(error))),
    );
    child.once(
      'exit',
      guarded('cli.exit', (code: number | null, name: string | null) => this.exited(code, name)),
    );
    child.once(
      'close',
      guarded('cli.close', () => this.finish(null)),
    );
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.on(
        'data',
        guarded('cli.output', (bytes: Buffer) => this.take(stream, bytes)),
      );
      child[stream]?.on(
        'error',
        guarded('cli.output', () => undefined),
      );
    }
    signal.addEventListener('abort', this.stop, { once: true });
    this.timers.push(
      after('cli.timeout', timeoutMs, () => {
        this.timedOut = true;
        this.end();
      }),
    );
  }

  private take(stream: OutputStream, bytes: Buffer): void {
    try {
      this.output[stream].push(bytes);
      this.order.onOutput(stream, bytes);
    } finally {
      giveBack(bytes);
    }
  }

  private end(): void {
    const pid = this.child?.pid;
    if (pid === undefined || this.exit) return;
    this.leftSomething = true;
    signalGroup(pid, 'SIGTERM');
    this.timers.push(after('cli.grace', this.order.graceMs, () => signalGroup(pid, 'SIGKILL')));
  }

  /** At once: what grows as fast as it can has grown on by the end of any grace. */
  private killFor(excess: Excess): void {
    const pid = this.child?.pid;
    if (pid === undefined || this.exit) return;
    this.excess = excess;
    this.leftSomething = true;
    signalGroup(pid, 'SIGKILL');
  }

  private exited(code: number | null, signal: string | null): void {
    this.exit = { code, signal };
    this.meter?.noteEnd();
    const pid = this.child?.pid;
    this.timers.push(
      after('cli.linger', lingerMs, () => {
        this.leftSomething = true;
        if (pid !== undefined) signalGroup(pid, 'SIGKILL');
        this.child?.stdout?.destroy();
        this.child?.stderr?.destroy();
        this.finish(null);
      }),
    );
  }

  private finish(startFault: string | null): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.meter?.stop();
    this.order.signal.removeEventListener('abort', this.stop);
    const pid = this.child?.pid;
    if (pid !== undefined) {
      signalGroup(pid, 'SIGKILL');
      groups.delete(pid);
    }
    this.done({
      exitCode: this.exit?.code ?? null,
      signal: this.exit?.signal ?? null,
      timedOut: this.timedOut,
      excess: this.excess && { ...this.excess, said: excessWords(this.excess) },
      startFault: this.exit ? null : startFault,
      durationMs: performance.now() - this.begun,
      ...this.output,
      leftSomething: this.leftSomething,
    });
  }
}

function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code.replace(/^ERR_/, '') : 'EUNKNOWN';
}
