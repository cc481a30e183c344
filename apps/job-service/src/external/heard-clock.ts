import { Inject, Injectable } from '@nestjs/common';
import { HearingClock } from '@kintsugi/messaging';
import { HeardTimes } from './heard-times.js';

/** Producers that were cut off with us may be on their way back for so long. */
const returnMs = 5_000;

/**
 * Time in which producers could have been heard, over restarts and changes of the leader: while this service is down, paused
 * or cut off, it stands still, and so nobody's silence grows.
 */
@Injectable()
export class HeardClock {
  private before = 0;

  constructor(
    @Inject(HearingClock) private readonly hearing: Pick<HearingClock, 'now' | 'hearsSince'>,
    private readonly times: HeardTimes,
  ) {}

  async start(): Promise<void> {
    this.before = (await this.times.load()) - this.hearing.now;
  }

  get now(): number {
    return Math.floor(this.before + this.hearing.now);
  }

  /** Whether whoever was cut off with us has had the time to come back. */
  get isSettled(): boolean {
    return this.hearing.now - this.hearing.hearsSince >= returnMs;
  }

  save(): Promise<void> {
    return this.times.save(this.now);
  }
}
