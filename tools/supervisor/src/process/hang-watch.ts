import { AwakeTime } from '@kintsugi/contracts';

/**
 * A machine that is moved, and a container that is paused, stand still for up to half a minute and go on: twice as long
 * comes to no good end by itself.
 */
export const hangAfterMs = 60_000;
const checkEveryMs = 5_000;

/**
 * Tells of processes that live and give no sign of life any more. Silence is counted in time in which this process was awake:
 * its own pause, or one of everything at once, is nobody's silence. A process is watched from its first sign on. Workers give
 * none: a handler may keep the loop of its worker for as long as it takes.
 */
export class HangWatch {
  private readonly heardAt = new Map<string, number>();
  private readonly time: AwakeTime;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly onHung: (name: string) => void,
    monotonic?: () => number,
  ) {
    this.time = new AwakeTime(2 * checkEveryMs, monotonic);
  }

  start(): void {
    this.timer = setInterval(() => this.check(), checkEveryMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.heardAt.clear();
  }

  hear(name: string): void {
    this.heardAt.set(name, this.time.now);
  }

  /** It has ended: whoever comes in its place is watched from a sign of its own. */
  forget(name: string): void {
    this.heardAt.delete(name);
  }

  check(): void {
    const now = this.time.pass();
    for (const [name, heardAt] of this.heardAt) {
      if (now - heardAt < hangAfterMs) continue;
      this.heardAt.delete(name);
      this.onHung(name);
    }
  }
}
