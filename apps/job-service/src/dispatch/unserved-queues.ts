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

  has(queue: string): boolean {
    return this.roster.isUnserved(queue, this.hearing.now, this.hearing.hearsSince);
  }
}
