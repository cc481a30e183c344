import { ServerStartError } from '@kintsugi/servers';
import { neverRestarted, nextRestart } from '../domain/restart-backoff.js';
import type { ProcessIdentity, ProcessState } from '../domain/platform-state.js';
import { identify } from './process-identity.js';
import type { Runnable, ServerExit } from './runnable.js';

export interface SupervisionOptions {
  /** false: what dies stays down until it is started again. */
  restart: boolean;
  logFile: string;
  onChange: () => void;
  onEnd: (end: UnexpectedEnd) => void;
}

/** A process that ended though nobody asked it to. */
export interface UnexpectedEnd {
  name: string;
  /** `exit code 1`, `signal SIGKILL`, or why it could not be started. */
  reason: string;
  exitCode: number | null;
  /** null: it stays down. */
  restartInMs: number | null;
}

/** Keeps one process running: starts it, and starts it again, ever later, when it ends by itself. */
export class SupervisedProcess {
  private history = neverRestarted;
  private wanted = false;
  private launching = false;
  private launchedAt = 0;
  private launched: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private identity: ProcessIdentity | null = null;
  private lastExit: string | null = null;

  constructor(
    private readonly runnable: Runnable,
    private readonly options: SupervisionOptions,
  ) {
    runnable.onExit((exit) => this.afterExit(exit));
  }

  get name(): string {
    return this.runnable.name;
  }

  get pid(): number | undefined {
    return this.runnable.pid;
  }

  /** Starts it for the first time; rejects when it cannot be started. */
  async start(): Promise<void> {
    this.wanted = true;
    this.launched = this.launch();
    await this.launched;
  }

  async stop(): Promise<void> {
    this.forgo();
    await this.runnable.stop();
    await this.launched.catch(() => undefined);
  }

  async kill(): Promise<void> {
    this.forgo();
    await this.runnable.kill();
    await this.launched.catch(() => undefined);
  }

  /** A signal out of the blue, as a crash or an operator would send it. */
  signal(name: NodeJS.Signals): void {
    const { pid } = this.runnable;
    if (pid !== undefined) process.kill(pid, name);
  }

  state(): Omit<ProcessState, 'ops'> {
    return {
      name: this.name,
      process: this.identity,
      started_at: this.identity ? new Date(this.launchedAt).toISOString() : null,
      restarts: this.history.total,
      last_exit: this.lastExit,
      log: this.options.logFile,
    };
  }

  private forgo(): void {
    this.wanted = false;
    clearTimeout(this.timer);
  }

  private async launch(): Promise<void> {
    this.launching = true;
    this.launchedAt = Date.now();
    try {
      const started = this.runnable.start();
      void this.identifyRunning();
      await started;
    } finally {
      this.launching = false;
    }
    if (this.wanted) await this.identifyRunning();
    else await this.runnable.kill();
  }

  private async identifyRunning(): Promise<void> {
    const { pid } = this.runnable;
    const identity = pid === undefined ? null : await identify(pid);
    if (this.runnable.pid !== pid) return;
    this.identity = identity;
    this.options.onChange();
  }

  private relaunch(): void {
    this.launched = this.launch().catch((error: unknown) => this.afterEnd(reasonOf(error), null));
  }

  private afterExit(exit: ServerExit): void {
    this.identity = null;
    if (exit.expected || this.launching) this.options.onChange();
    else this.afterEnd(endOf(exit), exit.code);
  }

  private afterEnd(reason: string, exitCode: number | null): void {
    this.identity = null;
    this.lastExit = reason;
    const restarts = this.wanted && this.options.restart;
    if (restarts) {
      const next = nextRestart(this.history, Date.now() - this.launchedAt);
      this.history = next.history;
      this.timer = setTimeout(() => this.relaunch(), next.delayMs);
      this.options.onEnd({ name: this.name, reason, exitCode, restartInMs: next.delayMs });
    } else if (this.wanted) {
      this.wanted = false;
      this.options.onEnd({ name: this.name, reason, exitCode, restartInMs: null });
    }
    this.options.onChange();
  }
}

function endOf({ code, signal, fault }: ServerExit): string {
  const end = signal ? `signal ${signal}` : `exit code ${code ?? 'unknown'}`;
  return fault ? `${end}: ${fault.reason}` : end;
}

/** Why it could not be started, in a line. */
function reasonOf(error: unknown): string {
  if (error instanceof ServerStartError) return error.summary;
  return error instanceof Error ? error.message : String(error);
}
