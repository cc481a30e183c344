import type { FaultContext, FaultListener } from '@kintsugi/messaging';

/** Where errors go that nobody expected: the log, with what was being done. */
export class Faults {
  /** @param service whose own work it was where no request has asked for it */
  constructor(
    private readonly listener: FaultListener,
    private readonly service: string,
  ) {}

  readonly report = (error: unknown, context: FaultContext = { subject: this.service }): void => this.listener(error, context);

  /** Reports those of one kind of its own work. */
  of(subject: string): (error: unknown) => void {
    return (error) => this.report(error, { subject });
  }
}
