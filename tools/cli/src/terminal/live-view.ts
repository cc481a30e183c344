import type { TextStream } from './output.js';

export interface LiveFrame {
  /** What a terminal shows, drawn over the frame before. */
  lines: string[];
  /** What a log file gets now and then instead. */
  summary: string;
}

const frameEveryMs = 100;
const summaryEveryMs = 5_000;

const escape = '\u001b[';

/**
 * Shows how something is going: on a terminal as a few lines that are drawn again in place, elsewhere as a line every
 * five seconds.
 */
export class LiveView {
  private drawn = 0;
  private lastAt = -Infinity;
  private pending: LiveFrame | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: TextStream,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show(frame: LiveFrame): void {
    this.pending = frame;
    const everyMs = this.stream.isTTY ? frameEveryMs : summaryEveryMs;
    const waitMs = this.lastAt + everyMs - this.now();
    if (waitMs <= 0) this.flush();
    else if (this.stream.isTTY) this.timer ??= setTimeout(() => this.flush(), waitMs);
  }

  /** The last frame is drawn and stays; elsewhere than on a terminal the outcome that follows says it all. */
  end(): void {
    if (this.stream.isTTY && this.pending) this.flush();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Takes the view off the screen again. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pending = undefined;
    if (this.drawn > 0) this.stream.write(`${escape}${this.drawn}A${escape}0J`);
    this.drawn = 0;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { pending: frame } = this;
    if (!frame) return;
    this.pending = undefined;
    this.lastAt = this.now();
    if (this.stream.isTTY) this.draw(frame.lines);
    else this.stream.write(`${frame.summary}\n`);
  }

  /** Lines may not wrap while they are drawn, or the way back up would be miscounted on a narrow terminal. */
  private draw(lines: string[]): void {
    const up = this.drawn > 0 ? `${escape}${this.drawn}A` : '';
    const body = lines.map((line) => `${escape}2K${line}\n`).join('');
    this.stream.write(`${escape}?7l${up}${body}${escape}0J${escape}?7h`);
    this.drawn = lines.length;
  }
}
