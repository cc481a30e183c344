import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Metrics } from '@kintsugi/observability';
import type { GatewaySettings } from '../gateway.config.js';
import { Backend } from '../nats/backend.js';
import { MeteredShares } from '../shares/metered-shares.js';
import { DownloadLog } from './commands/download-log.js';
import { FollowLog } from './commands/follow-log.js';
import { LogReaders } from './commands/log-readers.js';
import { SharedPages } from './commands/shared-pages.js';
import { JobLogsController } from './http/job-logs.controller.js';
import { LogDownloadsController } from './http/log-downloads.controller.js';
import { LogNews } from './nats/log-news.js';

/** `GET /v1/jobs/{id}/logs` and `GET /logs/download/{id}`. */
@Module({
  controllers: [JobLogsController, LogDownloadsController],
  providers: [
    { provide: LogReaders, inject: [Metrics, SETTINGS], useFactory: logReadersOf },
    {
      provide: DownloadLog,
      inject: [Backend, LogReaders],
      useFactory: (backend: Backend, readers: LogReaders) => new DownloadLog(backend, readers),
    },
    { provide: FollowLog, inject: [Bus, Backend, LogReaders, SETTINGS], useFactory: followLogOf },
  ],
})
export class LogsModule implements BeforeApplicationShutdown {
  constructor(private readonly readers: LogReaders) {}

  beforeApplicationShutdown(): void {
    this.readers.close();
  }
}

function logReadersOf(metrics: Metrics, settings: GatewaySettings): LogReaders {
  return new LogReaders(new MeteredShares('log_stream', settings.MAX_EVENT_CLIENTS, metrics), {
    heartbeatIntervalMs: settings.EVENT_HEARTBEAT_MS,
    stallTimeoutMs: settings.EVENT_STALL_TIMEOUT_MS,
  });
}

function followLogOf(bus: Bus, backend: Backend, readers: LogReaders, settings: GatewaySettings): FollowLog {
  const pages = new SharedPages((request, origin) => backend.requestWithRetry('readJobLog', request, origin));
  return new FollowLog(pages, new LogNews(bus), readers, settings.EVENT_HEARTBEAT_MS);
}
