import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Metrics, type Logger } from '@kintsugi/observability';
import type { GatewaySettings } from '../gateway.config.js';
import { Backend } from '../nats/backend.js';
import { MeteredShares } from '../shares/metered-shares.js';
import { FollowJob } from './commands/follow-job.js';
import { JobEventsController } from './http/job-events.controller.js';
import { EventFeed } from './nats/event-feed.js';

/** `GET /v1/jobs/{id}/events`: what happens to a job, as it happens. */
@Module({
  controllers: [JobEventsController],
  providers: [{ provide: FollowJob, inject: [Bus, Backend, Metrics, LOGGER, SETTINGS], useFactory: followJobOf }],
})
export class EventsModule implements BeforeApplicationShutdown {
  constructor(private readonly followJob: FollowJob) {}

  beforeApplicationShutdown(): void {
    this.followJob.close();
  }
}

/** The feed tells it of a stream that was lost, and it asks the feed for events. */
function followJobOf(bus: Bus, backend: Backend, metrics: Metrics, logger: Logger, settings: GatewaySettings): FollowJob {
  const onFault = (error: unknown): void => logger.warn({ error }, 'Fault in the background');
  const feed = new EventFeed(bus, (follower) => followJob.startAfresh(follower), onFault);
  const followJob = new FollowJob(backend, feed, new MeteredShares('event_stream', settings.MAX_EVENT_CLIENTS, metrics), {
    heartbeatIntervalMs: settings.EVENT_HEARTBEAT_MS,
    stallTimeoutMs: settings.EVENT_STALL_TIMEOUT_MS,
  });
  return followJob;
}
