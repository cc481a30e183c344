import { Injectable } from '@nestjs/common';
import { Faults } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { KeptEvents } from '../../webhooks/nats/kept-events.js';

/** The events that conditions count, read while a condition does. */
@Injectable()
export class AlertEvents extends KeptEvents {
  constructor(bus: Bus, faults: Faults) {
    super(bus, {
      name: 'metrics-service-alerts',
      events: ['group.regressed', 'schedule.missed'],
      onError: faults.of('alerts'),
    });
  }
}
