import type { FaultListener } from '@kintsugi/messaging';

type FaultContext = Parameters<FaultListener>[1];

const ownWork: FaultContext = { subject: 'job-service', requestId: undefined };

/** Where errors go that nobody expected: the log, with what was being done. */
export class Faults {
  constructor(private readonly listener: FaultListener) {}

  readonly report = (error: unknown, context: FaultContext = ownWork): void => this.listener(error, context);
}
