import { every } from '@kintsugi/boundary';
import { ProblemError, type BatchJob } from '@kintsugi/contracts';
import type { Backend } from '../../nats/backend.js';
import { heartbeatFrame } from '../domain/event-frame.js';
import { canReplay, type Extent } from '../domain/replay.js';
import type { EventFeed } from '../nats/event-feed.js';
import { Follower, type EventFrame, type Outlet } from './follower.js';

export interface FollowRequest {
  jobId: string;
  /** The last event that the client has seen, when it comes back. */
  lastEventId: number | null;
  /** Asked at each heartbeat: a stream must not outlive the key that opened it. */
  isStillAdmitted: () => boolean;
  requestId: string;
}

/** The job as it is, and how far the stream reached just before that was asked. */
interface Start {
  extent: Extent;
  job: BatchJob;
}

const reconnectDelayMs = 1_000;

export interface FollowLimits {
  clientsMax: number;
  heartbeatIntervalMs: number;
}

/** Lets clients follow jobs: what the job is now or what they missed, then each event as it happens. */
export class FollowJob {
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly backend: Backend,
    private readonly feed: EventFeed,
    private readonly limits: FollowLimits,
  ) {
    this.heartbeat = every('follow-job.beat', limits.heartbeatIntervalMs, () => this.beat()).unref();
  }

  /** A problem found here is thrown, and nothing has been sent then. The client is brought up to date as fast as it reads. */
  async execute({ jobId, lastEventId, isStillAdmitted, requestId }: FollowRequest, outlet: Outlet): Promise<Follower> {
    const { clientsMax } = this.limits;
    if (this.feed.size >= clientsMax) {
      throw new ProblemError('OVERLOADED', `${clientsMax} clients follow events here, as many as this gateway takes. Try again.`);
    }
    const follower: Follower = new Follower(jobId, isStillAdmitted, outlet, () => this.feed.leave(follower));
    try {
      const start = await this.startOf(follower, requestId);
      this.bringUpToDate(follower, lastEventId, start).catch(() => follower.finish('cut'));
    } catch (error) {
      this.feed.leave(follower);
      throw error;
    }
    return follower;
  }

  /** The stream of events was lost: what a client knows of it is worth nothing, so it gets the job as it is. */
  startAfresh(follower: Follower): void {
    follower.hold();
    follower.tell({ event: 'reset', data: { job_id: follower.jobId, reason: 'the stream of events was made again' } });
    this.startOf(follower, '')
      .then((start) => this.bringUpToDate(follower, null, start))
      .catch(() => follower.finish('cut'));
  }

  /** Tells every client that it shall come back, to this gateway or another, and closes. */
  close(): void {
    clearInterval(this.heartbeat);
    for (const follower of this.feed.all()) dismiss(follower);
    this.feed.close();
  }

  private beat(): void {
    for (const follower of this.feed.all()) {
      if (follower.isStillAdmitted()) follower.beat(heartbeatFrame);
      // One whose key is no longer good is told why when it comes back.
      else dismiss(follower);
    }
  }

  private async startOf(follower: Follower, requestId: string): Promise<Start> {
    const extent = await this.join(follower);
    // Asked after joining: whatever the job's state does not hold yet will come as an event.
    return { extent, job: await this.backend.ask('getJob', { job_id: follower.jobId }, requestId) };
  }

  private async bringUpToDate(follower: Follower, lastEventId: number | null, { extent, job }: Start): Promise<void> {
    const missed = lastEventId === null ? null : await this.missed(follower.jobId, lastEventId, extent);
    if (missed) await follower.replay(missed);
    else {
      if (lastEventId !== null) {
        follower.tell({
          event: 'reset',
          data: { job_id: follower.jobId, reason: 'the missed events can no longer be replayed' },
        });
      }
      follower.tell({ event: 'snapshot', id: extent.lastSequence, data: job });
    }
    follower.goLive(extent.lastSequence);
    if (job.status === 'completed' || job.status === 'cancelled') follower.end();
  }

  private missed(jobId: string, lastEventId: number, extent: Extent): Promise<EventFrame[] | null> {
    if (!canReplay(lastEventId, extent)) return Promise.resolve(null);
    return this.feed.missed(jobId, lastEventId + 1, extent.lastSequence);
  }

  private async join(follower: Follower): Promise<Extent> {
    try {
      return await this.feed.join(follower);
    } catch {
      throw new ProblemError('SERVICE_UNAVAILABLE', 'The stream of events cannot be reached. Try again in a moment.', {
        retry_after: 1,
      });
    }
  }
}

function dismiss(follower: Follower): void {
  follower.tell({ event: 'closing', data: { job_id: follower.jobId }, retryMs: reconnectDelayMs });
  follower.finish('end');
}
