import type { ProblemError } from '@kintsugi/contracts';
import type { JsMsg } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';

const tellIntervalMs = 10_000;

/** Tells the log of events that became dead letters, with a count, so that a flood of them is not a flood of lines. */
export class DeadLetterLog {
  private untold = 0;
  private toldAt = -Infinity;

  constructor(private readonly logger: Logger) {}

  note({ subject, seq }: Pick<JsMsg, 'subject' | 'seq'>, { code, message }: ProblemError): void {
    this.untold += 1;
    if (performance.now() - this.toldAt < tellIntervalMs) return;
    this.logger.warn(
      { count: this.untold, subject, sequence: seq, reason: code, detail: message },
      'Events that could not be handled are kept in dead_letters; the last one is named',
    );
    this.toldAt = performance.now();
    this.untold = 0;
  }
}
