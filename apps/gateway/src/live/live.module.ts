import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER, SETTINGS } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Metrics, type Logger } from '@kintsugi/observability';
import type { GatewaySettings } from '../gateway.config.js';
import { Backend } from '../nats/backend.js';
import { MeteredShares } from '../shares/metered-shares.js';
import { FollowTopics } from './commands/follow-topics.js';
import { FleetController } from './http/fleet.controller.js';
import { StreamController } from './http/stream.controller.js';
import { TopicFeed } from './nats/topic-feed.js';

/** `GET /v1/stream`: what is now and what happens, of whatever one asks for, over one connection. */
@Module({
  controllers: [FleetController, StreamController],
  providers: [{ provide: FollowTopics, inject: [Bus, Backend, Metrics, LOGGER, SETTINGS], useFactory: followTopicsOf }],
})
export class LiveModule implements BeforeApplicationShutdown {
  constructor(private readonly followTopics: FollowTopics) {}

  beforeApplicationShutdown(): void {
    this.followTopics.close();
  }
}

function followTopicsOf(bus: Bus, backend: Backend, metrics: Metrics, logger: Logger, settings: GatewaySettings): FollowTopics {
  const onFault = (error: unknown): void => logger.warn({ error }, 'Fault in the background');
  const shares = new MeteredShares('topic_stream', settings.MAX_EVENT_CLIENTS, metrics);
  return new FollowTopics(backend, new TopicFeed(bus, onFault), shares, {
    heartbeatIntervalMs: settings.EVENT_HEARTBEAT_MS,
    stallTimeoutMs: settings.EVENT_STALL_TIMEOUT_MS,
  });
}
