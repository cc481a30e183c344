import { Injectable } from '@nestjs/common';
import { consumers, type ConsumerName } from '@kintsugi/contracts';
import { Bus } from '@kintsugi/messaging';

const consumer: ConsumerName = 'metrics-service-jobs';
/** With more events unread, the history is behind. */
const unreadMax = 1_000;

/** What the history has still to hear of. */
@Injectable()
export class HistoryBacklog {
  constructor(private readonly bus: Bus) {}

  /** Whether so much is unread that what happened lately may be missing. */
  async isBehind(): Promise<boolean> {
    const { num_pending: unread } = await (await this.bus.manager()).consumers.info(consumers[consumer].stream, consumer);
    return unread > unreadMax;
  }
}
