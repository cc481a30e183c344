import type { JsMsg } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';

const tellIntervalMs = 10_000;

/** Tells the log of events that cannot be read, with a count, so that a flood of them is not a flood of lines. */
export class SkippedEvents {
  private untold = 0;
  private toldAt = -Infinity;

  constructor(private readonly logger: Logger) {}

  note({ subject, seq }: Pick<JsMsg, 'subject' | 'seq'>, reason: string): void {
    this.untold += 1;
    if (performance.now() - this.toldAt < tellIntervalMs) return;
    this.logger.warn(
      { count: this.untold, subject, sequence: seq, reason },
      'Skipped events that cannot be read; the last one is named',
    );
    this.toldAt = performance.now();
    this.untold = 0;
  }
}
