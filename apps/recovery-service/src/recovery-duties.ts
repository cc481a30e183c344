import { setTimeout as delay } from 'node:timers/promises';
import { leadByTurns, type Store } from '@kintsugi/persistence';
import type { RetryClock } from './retries/retry-clock.js';
import type { ResendCommands } from './task-commands/commands/resend-commands.js';
import { steadyNow } from './steady-now.js';

export interface RecoveryDutiesOptions {
  store: Store;
  /** Name of this replica, stable over restarts. */
  holder: string;
  /** How often commands are looked for that have to go out again. */
  resendCheckMs: number;
  onError: (error: unknown) => void;
}

const stopTimeoutMs = 3_000;

/**
 * What one replica does for all while the others only consume and answer: it starts retries that are due and sends
 * again commands that may be lost.
 */
export class RecoveryDuties {
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly clock: RetryClock,
    private readonly resendCommands: ResendCommands,
    private readonly options: RecoveryDutiesOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** What is under way may end; what waits for a store that is away is left as a crash would leave it. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.running, delay(stopTimeoutMs, undefined, { ref: false })]);
  }

  private run(): Promise<void> {
    const { store, holder } = this.options;
    return leadByTurns(store, { role: 'recovery-duties', holder }, this.stopping.signal, (signal) => this.lead(signal));
  }

  private async lead(signal: AbortSignal): Promise<void> {
    const startedAt = steadyNow();
    this.clock.start();
    let unsent = true;
    while (!signal.aborted) {
      try {
        if (unsent) await this.resendCommands.executeUnsent(startedAt, signal);
        unsent = false;
        await this.resendCommands.execute(signal);
      } catch (error) {
        this.options.onError(error);
      }
      await delay(this.options.resendCheckMs, undefined, { signal }).catch(() => undefined);
    }
    await this.clock.stop();
  }
}
