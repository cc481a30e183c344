import type { FaultListener } from '@kintsugi/messaging';

/** Where errors go that nobody expected: the log, with what was being done. */
export class Faults {
  constructor(private readonly listener: FaultListener) {}

  report(error: unknown, context: { subject: string; requestId: string | undefined }): void {
    this.listener(error, context);
  }
}
