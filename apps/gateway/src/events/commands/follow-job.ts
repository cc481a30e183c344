import { ProblemError } from '@kintsugi/contracts';
import type { Backend } from '../../nats/backend.js';
import { heartbeatFrame } from '../domain/event-frame.js';
import { canReplay } from '../domain/replay.js';
import type { EventFeed } from '../nats/event-feed.js';
import { Follower, type Outlet } from './follower.js';

export interface FollowRequest {
  jobId: string;
  /** The last event that the client has seen, when it comes back. */
  lastEventId: number | null;
  requestId: string;
}

const heartbeatIntervalMs = 15_000;
const reconnectDelayMs = 1_000;

/** Lets clients follow jobs: what the job is now or what they missed, then each event as it happens. */
export class FollowJob {
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly backend: Backend,
    private readonly feed: EventFeed,
    private readonly clientsMax: number,
  ) {
    this.heartbeat = setInterval(() => {
      for (const follower of feed.all()) follower.beat(heartbeatFrame);
    }, heartbeatIntervalMs).unref();
  }

  /** Resolves once the client is up to date. A problem found before that is thrown, and nothing has been sent then. */
  async execute({ jobId, lastEventId, requestId }: FollowRequest, outlet: Outlet): Promise<Follower> {
    if (this.feed.size >= this.clientsMax) {
      throw new ProblemError(
        'OVERLOADED',
        `${this.clientsMax} clients follow events here, as many as this gateway takes. Try again.`,
      );
    }
    const follower: Follower = new Follower(jobId, outlet, () => this.feed.leave(follower));
    try {
      await this.bringUpToDate(follower, lastEventId, requestId);
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
    this.bringUpToDate(follower, null, '').catch(() => follower.finish('cut'));
  }

  /** Tells every client that it shall come back, to this gateway or another, and closes. */
  close(): void {
    clearInterval(this.heartbeat);
    for (const follower of this.feed.all()) {
      follower.tell({ event: 'closing', data: { job_id: follower.jobId }, retryMs: reconnectDelayMs });
      follower.finish('end');
    }
    this.feed.close();
  }

  private async bringUpToDate(follower: Follower, lastEventId: number | null, requestId: string): Promise<void> {
    const extent = await this.join(follower);
    // Asked after joining: whatever the job's state does not hold yet will come as an event.
    const job = await this.backend.ask('getJob', { job_id: follower.jobId }, requestId);
    const replayed =
      lastEventId !== null &&
      canReplay(lastEventId, extent) &&
      (await this.feed.replay(follower, lastEventId + 1, extent.lastSequence));
    if (!replayed) {
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

  private async join(follower: Follower): Promise<{ firstSequence: number; lastSequence: number }> {
    try {
      return await this.feed.join(follower);
    } catch {
      throw new ProblemError('SERVICE_UNAVAILABLE', 'The stream of events cannot be reached. Try again in a moment.', {
        retry_after: 1,
      });
    }
  }
}
