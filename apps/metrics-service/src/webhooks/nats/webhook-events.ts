import { Injectable } from '@nestjs/common';
import { heardWebhookEvents } from '@kintsugi/contracts';
import { Faults } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { KeptEvents } from './kept-events.js';

/** The events that webhooks are about, read while there is a webhook. */
@Injectable()
export class WebhookEvents extends KeptEvents {
  constructor(bus: Bus, faults: Faults) {
    super(bus, { name: 'metrics-service-webhooks', events: heardWebhookEvents, onError: faults.of('webhooks') });
  }
}
