import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import type { GatewaySettings } from '../gateway.config.js';
import { Backend } from '../nats/backend.js';
import { MeteredShares } from '../shares/metered-shares.js';
import { DownloadLog } from './commands/download-log.js';
import { FollowLog } from './commands/follow-log.js';
import { SharedPages } from './commands/shared-pages.js';
import { JobLogsController } from './http/job-logs.controller.js';
import { LogDownloadsController } from './http/log-downloads.controller.js';
import { LogNews } from './nats/log-news.js';

/** `GET /v1/jobs/{id}/logs` and `GET /logs/download/{id}`. */
@Module({
  controllers: [JobLogsController, LogDownloadsController],
  providers: [
    { provide: DownloadLog, inject: [Backend], useFactory: (backend: Backend) => new DownloadLog(backend) },
    { provide: FollowLog, inject: [Bus, Backend, Metrics, SETTINGS], useFactory: followLogOf },
  ],
})
export class LogsModule implements BeforeApplicationShutdown {
  constructor(private readonly followLog: FollowLog) {}

  beforeApplicationShutdown(): void {
    this.followLog.close();
  }
}

function followLogOf(bus: Bus, backend: Backend, metrics: Metrics, settings: GatewaySettings): FollowLog {
  const pages = new SharedPages((request, origin) => backend.requestWithRetry('readJobLog', request, origin));
  const shares = new MeteredShares('log_stream', settings.MAX_EVENT_CLIENTS, metrics);
  return new FollowLog(pages, new LogNews(bus), shares, {
    heartbeatIntervalMs: settings.EVENT_HEARTBEAT_MS,
    stallTimeoutMs: settings.EVENT_STALL_TIMEOUT_MS,
  });
}
