import { Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import { Bus } from '@kintsugi/messaging';
import { Backend } from '../nats/backend.js';
import type { MeteredShares } from '../shares/metered-shares.js';
import { FollowJob, type FollowLimits } from './commands/follow-job.js';
import { JobEventsController } from './http/job-events.controller.js';
import { EventFeed } from './nats/event-feed.js';

export interface EventsOptions extends FollowLimits {
  shares: MeteredShares;
  onFault: (error: unknown) => void;
}

/** `GET /v1/jobs/{id}/events`: what happens to a job, as it happens. */
@Module({ controllers: [JobEventsController] })
export class EventsModule implements BeforeApplicationShutdown {
  constructor(private readonly followJob: FollowJob) {}

  static with({ shares, onFault, ...limits }: EventsOptions): DynamicModule {
    const useFactory = (bus: Bus, backend: Backend): FollowJob => {
      const feed = new EventFeed(bus, (follower) => followJob.startAfresh(follower), onFault);
      const followJob = new FollowJob(backend, feed, shares, limits);
      return followJob;
    };
    return { module: EventsModule, providers: [{ provide: FollowJob, inject: [Bus, Backend], useFactory }] };
  }

  beforeApplicationShutdown(): void {
    this.followJob.close();
  }
}
