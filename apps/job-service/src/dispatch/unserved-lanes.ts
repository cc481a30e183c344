import { Injectable } from '@nestjs/common';
import { HearingClock } from '@kintsugi/messaging';
import { WorkerRoster } from './domain/worker-roster.js';

/** Lanes that no worker offers to run. */
@Injectable()
export class UnservedLanes {
  constructor(
    private readonly roster: WorkerRoster,
    private readonly hearing: HearingClock,
  ) {}

  has(lane: string): boolean {
    return this.roster.isUnserved(lane, this.hearing.now, this.hearing.hearsSince);
  }
}
