import { Injectable } from '@nestjs/common';
import { Bus, consumerBacklogs, type ConsumerBacklog } from '@kintsugi/messaging';

/** What the readers of streams have still to handle. */
@Injectable()
export class ReaderBacklogs {
  constructor(private readonly bus: Bus) {}

  /** None while the broker cannot tell: what was shown last stays. */
  async all(): Promise<ConsumerBacklog[]> {
    if (this.bus.state !== 'up') return [];
    return consumerBacklogs(this.bus).catch(() => []);
  }
}
