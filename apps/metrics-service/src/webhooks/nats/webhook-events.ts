import { Injectable } from '@nestjs/common';
import { webhookEvents } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { Bus, EventGroup, type GroupedEvent } from '@kintsugi/messaging';

const group = 'metrics-service-webhooks';

/** The events that webhooks are about. While there is no webhook nobody reads them, and the broker keeps none for us. */
@Injectable()
export class WebhookEvents {
  private reading: EventGroup | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly faults: Faults,
  ) {}

  /** From here on no event is missed, though nobody reads yet. */
  async keep(): Promise<void> {
    await this.groupOf(() => Promise.resolve()).prepare();
  }

  read(onEvent: (event: GroupedEvent) => Promise<void>): void {
    if (this.reading) return;
    this.reading = this.groupOf(onEvent);
    this.reading.start();
  }

  async stop(): Promise<void> {
    const { reading } = this;
    this.reading = null;
    await reading?.stop();
  }

  /** Nothing is kept for webhooks any more. */
  async forget(): Promise<void> {
    const { reading } = this;
    await this.stop();
    await reading?.remove();
  }

  private groupOf(onEvent: (event: GroupedEvent) => Promise<void>): EventGroup {
    return new EventGroup(this.bus, { name: group, events: webhookEvents, onEvent, onError: this.faults.of('webhooks') });
  }
}
