import { Inject, Injectable } from '@nestjs/common';
import { after } from '@kintsugi/boundary';
import { SETTINGS } from '@kintsugi/hosting';
import { resendMsOf, type ResendSettings } from '../recovery-service.config.js';

/** Times after which a command is sent again in which nothing may have come in, before nothing is looked for often. */
const resendsBefore = 2;
/** Nothing is looked for less often, whatever the settings: so late a retry goes out whose word was lost. */
const restMaxMs = 30_000;

/**
 * Whether nothing has come in for long, by this replica or another: what is looked for again and again cannot be there then, unless
 * somebody's word of it was lost, and is looked for seldom.
 */
@Injectable()
export class Stillness {
  /** Between two looks while nothing goes on. */
  readonly restMs: number;
  private readonly stillAfterMs: number;
  private movedAt = performance.now();
  private readonly listeners: (() => void)[] = [];
  private over = new AbortController();

  constructor(@Inject(SETTINGS) settings: ResendSettings) {
    this.restMs = Math.min(resendMsOf(settings), restMaxMs);
    this.stillAfterMs = resendsBefore * resendMsOf(settings);
  }

  get isStill(): boolean {
    return performance.now() - this.movedAt > this.stillAfterMs;
  }

  /** How long to wait until the next look at what is looked at so often while something goes on. */
  stretched(milliseconds: number, restMs = this.restMs): number {
    return this.isStill ? Math.max(milliseconds, restMs) : milliseconds;
  }

  /** Something has come in, by whichever replica. */
  noteMovement(): void {
    const wasStill = this.isStill;
    this.movedAt = performance.now();
    if (!wasStill) return;
    this.over.abort();
    this.over = new AbortController();
    for (const listener of this.listeners) listener();
  }

  /** Calls the listener when something comes in after a time of stillness. */
  onEnd(listener: () => void): void {
    this.listeners.push(listener);
  }

  /**
   * The pause between two looks: longer while nothing goes on, and over once something does.
   * @param dueInMs when there is something to be found for sure
   */
  async pause(milliseconds: number, signal: AbortSignal, dueInMs = Infinity): Promise<void> {
    const pauseMs = this.stretched(milliseconds, Math.min(this.restMs, dueInMs));
    const ended = AbortSignal.any([signal, this.over.signal]);
    if (ended.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        ended.removeEventListener('abort', end);
        resolve();
      };
      const timer = after('stillness', pauseMs, end);
      ended.addEventListener('abort', end);
    });
  }
}
