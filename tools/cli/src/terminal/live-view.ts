import { createLogUpdate } from 'log-update';
import type { TextStream } from './output.js';

export interface LiveFrame {
  /** What a terminal shows, drawn over the frame before. */
  lines: string[];
  /** What a log file gets now and then instead. */
  summary: string;
}

const frameEveryMs = 100;
const summaryEveryMs = 5_000;

/**
 * Shows how something is going: on a terminal as a few lines that are drawn again in place, elsewhere as a line every
 * five seconds.
 */
export class LiveView {
  private readonly screen: ReturnType<typeof createLogUpdate>;
  private lastAt = -Infinity;
  private pending: LiveFrame | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: TextStream,
    private readonly now: () => number = () => performance.now(),
  ) {
    // A cursor that is hidden stays so where the process is killed.
    this.screen = createLogUpdate(stream as NodeJS.WritableStream, { showCursor: true });
  }

  show(frame: LiveFrame): void {
    this.pending = frame;
    const everyMs = this.stream.isTTY ? frameEveryMs : summaryEveryMs;
    const waitMs = this.lastAt + everyMs - this.now();
    if (waitMs <= 0) this.flush();
    else if (this.stream.isTTY) this.timer ??= setTimeout(() => this.flush(), waitMs);
  }

  /** The last frame is drawn and stays; elsewhere than on a terminal the outcome that follows says it all. */
  end(): void {
    if (this.stream.isTTY) {
      if (this.pending) this.flush();
      this.screen.done();
    }
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Takes the view off the screen again. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.pending = undefined;
    if (this.stream.isTTY) this.screen.clear();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { pending: frame } = this;
    if (!frame) return;
    this.pending = undefined;
    this.lastAt = this.now();
    if (this.stream.isTTY) this.screen(frame.lines.join('\n'));
    else this.stream.write(`${frame.summary}\n`);
  }
}
