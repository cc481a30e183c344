import type { WorkerLog } from './worker-log.js';

const repeatAfterMs = 60_000;

/** Says a trouble once when it comes, again at intervals while it lasts, and once that it is over. */
export class LastingTrouble {
  private kind: string | null = null;
  private saidAt = 0;

  constructor(
    private readonly say: WorkerLog,
    /** Monotonic milliseconds. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  lasts(kind: string, line: string): void {
    const now = this.now();
    if (kind === this.kind && now - this.saidAt < repeatAfterMs) return;
    this.kind = kind;
    this.saidAt = now;
    this.say(line);
  }

  isOver(line: string): void {
    if (this.kind === null) return;
    this.kind = null;
    this.say(line);
  }
}
