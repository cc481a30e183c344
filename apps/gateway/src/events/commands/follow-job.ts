import { every } from '@kintsugi/boundary';
import { ProblemError, type BatchJob } from '@kintsugi/contracts';
import type { EventStreamExtent, Origin } from '@kintsugi/messaging';
import type { Backend } from '../../nats/backend.js';
import { heartbeatFrame } from '../domain/event-frame.js';
import { eventIdOf, type EventPlace } from '../domain/event-id.js';
import type { MeteredShares } from '../../shares/metered-shares.js';
import type { EventFeed } from '../nats/event-feed.js';
import { Follower, type EventFrame, type Outlet } from './follower.js';

export interface FollowRequest {
  jobId: string;
  /** Where the last event stood that the client has seen, when it comes back. */
  lastSeen: EventPlace | null;
  /** Holds the place that the stream takes. */
  callerName: string;
  /** Asked at each heartbeat: a stream must not outlive the key that opened it. */
  isStillAdmitted: () => Promise<boolean>;
  origin: Origin;
}

/** The job as it is, and how far the stream reached just before that was asked. */
interface Start {
  extent: EventStreamExtent;
  job: BatchJob;
}

const reconnectDelayMs = 1_000;

export interface FollowLimits {
  heartbeatIntervalMs: number;
  stallTimeoutMs: number;
}

/** Lets clients follow jobs: what the job is now or what they missed, then each event as it happens. */
export class FollowJob {
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly backend: Backend,
    private readonly feed: EventFeed,
    private readonly shares: MeteredShares,
    private readonly limits: FollowLimits,
  ) {
    this.heartbeat = every('follow-job.beat', limits.heartbeatIntervalMs, () => this.beat()).unref();
  }

  /**
   * A problem found here is thrown, and nothing has been sent then. The client is brought up to date as fast as it reads.
   * Null: the client was told all that there will ever be to tell.
   */
  async execute(request: FollowRequest, outlet: Outlet): Promise<Follower | null> {
    const { jobId, lastSeen } = request;
    const follower: Follower = new Follower(request, outlet, () => {
      this.feed.leave(follower);
      place.release();
    });
    const place = this.shares.take(request.callerName, () => dismiss(follower));
    try {
      const start = await this.startOf(follower);
      const hasAll = (missed: unknown[] | null) => Promise.resolve(missed?.length === 0);
      if (lastSeen && isOver(start.job) && (await this.feed.withMissed(jobId, lastSeen, start.extent, hasAll))) {
        follower.finish('end');
        return null;
      }
      this.bringUpToDate(follower, lastSeen, start).catch(() => follower.finish('cut'));
    } catch (error) {
      follower.finish('cut');
      throw error;
    }
    return follower;
  }

  /** The stream of events was lost: what a client knows of it is worth nothing, so it gets the job as it is. */
  startAfresh(follower: Follower): void {
    follower.hold();
    follower.tell({
      event: 'reset',
      data: { job_id: follower.jobId, reason: 'the stream of events was made again or put back to an older state' },
    });
    this.startOf(follower, 'patiently')
      .then((start) => this.bringUpToDate(follower, null, start))
      .catch(() => follower.finish('cut'));
  }

  /** Tells every client that it shall come back, to this gateway or another, and closes. */
  close(): void {
    clearInterval(this.heartbeat);
    for (const follower of this.feed.all()) dismiss(follower);
    this.feed.close();
  }

  private async beat(): Promise<void> {
    const asked = this.feed.all().map(async (follower) => ({ follower, isAdmitted: await follower.isStillAdmitted() }));
    const answers = await Promise.all(asked);
    const nowMs = performance.now();
    for (const { follower, isAdmitted } of answers) {
      // One whose key is no longer good is told why when it comes back.
      if (!isAdmitted) dismiss(follower);
      else if (follower.beat(heartbeatFrame, nowMs) > this.limits.stallTimeoutMs) {
        this.shares.countSlow();
        follower.finish('cut');
      }
    }
  }

  private async startOf(follower: Follower, how: 'once' | 'patiently' = 'once'): Promise<Start> {
    const extent = await this.join(follower);
    // Asked after joining: whatever the job's state does not hold yet will come as an event.
    const asked = { job_id: follower.jobId };
    // Whatever took the stream away may have cut off job-service as well, for a moment.
    const { origin } = follower;
    const job =
      how === 'once' ? this.backend.ask('getJob', asked, origin) : this.backend.requestWithRetry('getJob', asked, origin);
    return { extent, job: await job };
  }

  private async bringUpToDate(follower: Follower, lastSeen: EventPlace | null, { extent, job }: Start): Promise<void> {
    const catchUp = async (missed: EventFrame[] | null): Promise<void> => {
      if (missed) return follower.replay(missed);
      if (lastSeen) {
        follower.tell({
          event: 'reset',
          data: { job_id: follower.jobId, reason: 'the missed events can no longer be replayed' },
        });
      }
      const id = eventIdOf({ sequence: extent.lastSequence, takenMs: extent.lastTakenMs });
      follower.tell({ event: 'snapshot', id, data: job });
    };
    await (lastSeen ? this.feed.withMissed(follower.jobId, lastSeen, extent, catchUp) : catchUp(null));
    follower.goLive(extent.lastSequence);
    if (isOver(job)) follower.end();
  }

  private async join(follower: Follower): Promise<EventStreamExtent> {
    try {
      return await this.feed.join(follower);
    } catch {
      throw new ProblemError('SERVICE_UNAVAILABLE', 'The stream of events cannot be reached. Try again in a moment.', {
        retry_after: 1,
      });
    }
  }
}

/** Nothing more will ever happen to it; a failed job may recover. */
function isOver({ status }: BatchJob): boolean {
  return status === 'completed' || status === 'cancelled';
}

function dismiss(follower: Follower): void {
  follower.tell({ event: 'closing', data: { job_id: follower.jobId }, retryMs: reconnectDelayMs });
  follower.finish('end');
}
