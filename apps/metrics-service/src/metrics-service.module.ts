import { Module } from '@nestjs/common';
import { AlertsModule } from './alerts/alerts.module.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { FleetModule } from './fleet/fleet.module.js';
import { JobHistoryModule } from './job-history/job-history.module.js';
import { LogAccessModule } from './log-access/log-access.module.js';
import { SharedLeadModule } from './shared-lead.module.js';
import { TaskLogsModule } from './task-logs/task-logs.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

/** The features of metrics-service. */
@Module({
  imports: [
    ...[SharedLeadModule, TaskLogsModule, JobHistoryModule, LogAccessModule],
    ...[FleetModule, WebhooksModule, AlertsModule, DeadLettersModule],
  ],
})
export class MetricsServiceModule {}
