import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@kintsugi/hosting';
import type { Logger } from '@kintsugi/observability';
import { Clock } from '../platform/clock.js';
import { Stillness } from '../platform/stillness.js';
import { StartDueRetries } from './commands/start-due-retries.js';

/** How long a retry of which nobody told may go unnoticed: one decided by another replica, or before this one's start. Where none is left and nothing comes in, none can be. */
const sweepIntervalMs = 1_000;
/** Retries due within it go out together: each pass writes all chunks that it finds a task in. */
const passIntervalMs = 100;
const errorIntervalMs = 500;

/**
 * Wakes when the next retry is due. It keeps only that one time in memory, as a hint: what is due is always read from
 * the store. It either passes (orders what is due; left when nothing is) or waits (for the next due time, a sweep
 * interval at most; left by its time or by `expect`).
 */
@Injectable()
export class RetryClock {
  private wakeAt = Infinity;
  private wake: (() => void) | null = null;
  private running: Promise<void> | null = null;
  private stopped = true;

  constructor(
    private readonly startDueRetries: StartDueRetries,
    private readonly clock: Clock,
    private readonly stillness: Stillness,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    stillness.onEnd(() => this.expect(this.clock.now()));
  }

  start(): void {
    this.stopped = false;
    this.running = this.run();
  }

  /** Lets the pass under way finish. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.running;
  }

  /** A retry was scheduled for a time. */
  expect(dueAt: number): void {
    if (dueAt >= this.wakeAt) return;
    this.wakeAt = dueAt;
    this.wake?.();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.wakeAt = Infinity;
      let [restMs, sweepMs] = [passIntervalMs, sweepIntervalMs];
      try {
        const next = await this.startDueRetries.execute();
        if (next !== null) this.wakeAt = Math.min(this.wakeAt, next);
        else sweepMs = this.stillness.stretched(sweepMs);
      } catch (error) {
        this.logger.error({ error }, 'Retries that are due could not be ordered; they are tried again');
        restMs = errorIntervalMs;
      }
      await this.waitUntilDue(restMs, sweepMs);
    }
  }

  /** For `restMs` at least, and for no longer than a sweep interval, wherever the time of day is set meanwhile. */
  private async waitUntilDue(restMs: number, sweepMs: number): Promise<void> {
    const startedAt = performance.now();
    while (!this.stopped) {
      const passedMs = performance.now() - startedAt;
      const dueInMs = Math.max(this.wakeAt - this.clock.now(), restMs - passedMs);
      const waitMs = Math.min(dueInMs, sweepMs - passedMs);
      if (waitMs <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = null;
    }
  }
}
