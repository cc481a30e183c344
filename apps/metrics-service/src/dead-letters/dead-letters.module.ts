import { Module } from '@nestjs/common';
import { DeadLetters, Faults, KeptDeadLetters, deadLettersControllerOf } from '@kintsugi/hosting';
import { DeadLetterStore } from '@kintsugi/persistence';
import { JobHistoryModule } from '../job-history/job-history.module.js';
import { ReplayJobEvent } from '../job-history/nats/replay-job-event.js';
import { DeliveryStore } from '../webhooks/mongo/delivery-store.js';
import { WebhookRounds } from '../webhooks/webhook-rounds.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { WebhookDeadLetters } from './webhook-dead-letters.js';

const deadLetters = {
  provide: DeadLetters,
  inject: [DeadLetterStore, ReplayJobEvent, DeliveryStore, WebhookRounds, Faults],
  useFactory: (
    store: DeadLetterStore,
    replay: ReplayJobEvent,
    deliveries: DeliveryStore,
    rounds: WebhookRounds,
    { report: onFault }: Faults,
  ) =>
    new DeadLetters([
      new KeptDeadLetters({
        ...{ service: 'metrics', consumer: 'metrics-service-jobs', store, onFault },
        handle: (message) => replay.execute(message),
      }),
      new WebhookDeadLetters(deliveries, rounds),
    ]),
};

/** What the history and webhooks could not take. */
@Module({
  imports: [JobHistoryModule, WebhooksModule],
  controllers: [deadLettersControllerOf('metrics')],
  providers: [deadLetters],
})
export class DeadLettersModule {}
