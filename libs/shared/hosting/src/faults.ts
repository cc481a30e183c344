import type { FaultListener } from '@kintsugi/messaging';

/** Where errors go that nobody expected: the log, with what was being done. */
export class Faults {
  constructor(readonly report: FaultListener) {}

  /** Reports those of work that no request has asked for. */
  of(subject: string): (error: unknown) => void {
    return (error) => this.report(error, { subject });
  }
}
