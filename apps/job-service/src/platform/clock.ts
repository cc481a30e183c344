import { Injectable } from '@nestjs/common';

/** The time of day, in epoch milliseconds. */
@Injectable()
export class Clock {
  now(): number {
    return Date.now();
  }
}
