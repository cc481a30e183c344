import { Injectable } from '@nestjs/common';
import { HearingClock } from '@kintsugi/messaging';
import { WorkerRoster } from './domain/worker-roster.js';

/** Queues that no worker offers to run. */
@Injectable()
export class UnservedQueues {
  constructor(
    private readonly roster: WorkerRoster,
    private readonly hearing: HearingClock,
  ) {}

  /** Whether those that come back after the broker was away have had the time to be heard. */
  get areKnown(): boolean {
    // Nobody offers a queue without a name.
    return this.has('');
  }

  has(queue: string): boolean {
    return this.roster.isUnserved(queue, this.hearing.now, this.hearing.hearsSince);
  }
}
