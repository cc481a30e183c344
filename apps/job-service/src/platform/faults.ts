import type { FaultContext, FaultListener } from '@kintsugi/messaging';

const ownWork: FaultContext = { subject: 'job-service' };

/** Where errors go that nobody expected: the log, with what was being done. */
export class Faults {
  constructor(private readonly listener: FaultListener) {}

  readonly report = (error: unknown, context: FaultContext = ownWork): void => this.listener(error, context);
}
