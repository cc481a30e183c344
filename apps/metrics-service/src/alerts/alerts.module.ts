import { Module } from '@nestjs/common';
import { FleetModule } from '../fleet/fleet.module.js';
import { JobHistoryModule } from '../job-history/job-history.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { AlertFigures } from './alert-figures.js';
import { AlertRounds } from './alert-rounds.js';
import { EditConditions } from './commands/edit-conditions.js';
import { EvaluateAlerts } from './commands/evaluate-alerts.js';
import { RecoverIncidents, Recoveries } from './commands/recover-incidents.js';
import { SilenceAlerts } from './commands/silence-alerts.js';
import { TakeIncidents } from './commands/take-incidents.js';
import { TellAlertmanager } from './commands/tell-alertmanager.js';
import { TestCondition } from './commands/test-condition.js';
import { AlertConditionStore } from './mongo/alert-condition-store.js';
import { AlertStore } from './mongo/alert-store.js';
import { EndedJobs } from './mongo/ended-jobs.js';
import { OccurrenceStore } from './mongo/occurrence-store.js';
import { SilenceStore } from './mongo/silence-store.js';
import { AlertEvents } from './nats/alert-events.js';
import { AlertsController } from './nats/alerts.controller.js';
import { NatsRecoveries } from './nats/nats-recoveries.js';
import { ReadAlerts } from './queries/read-alerts.js';

/** Conditions that people have looked at, alerts that follow from them, and incidents that Alertmanager tells of. */
@Module({
  imports: [FleetModule, JobHistoryModule, WebhooksModule],
  controllers: [AlertsController],
  providers: [
    ...[AlertConditionStore, AlertStore, SilenceStore, OccurrenceStore, EndedJobs, AlertEvents, AlertFigures],
    ...[EvaluateAlerts, TellAlertmanager, RecoverIncidents, AlertRounds, EditConditions, TestCondition, SilenceAlerts],
    ...[TakeIncidents, ReadAlerts, { provide: Recoveries, useClass: NatsRecoveries }],
  ],
})
export class AlertsModule {}
