import { Readable } from 'node:stream';
import { every, guarded } from '@kintsugi/boundary';
import type { ActionInput } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { eventFrame, heartbeatFrame } from '../../events/domain/event-frame.js';
import type { MeteredShares } from '../../shares/metered-shares.js';
import type { LogNews } from '../nats/log-news.js';
import type { SharedPages } from './shared-pages.js';

export interface LogFollowing {
  request: ActionInput<'readJobLog'>;
  /** Holds the place that the stream takes. */
  callerName: string;
  isStillAdmitted: () => Promise<boolean>;
  origin: Origin;
}

export interface FollowLogLimits {
  heartbeatIntervalMs: number;
  stallTimeoutMs: number;
}

/** Without news it is looked so often whether the job is over, or news was lost. */
const lookEveryMs = 1_000;
const reconnectDelayMs = 1_000;

/** Who follows: how it is ended, and since when what was made for it waits. */
interface Follower {
  dismissal: AbortController;
  cut: () => void;
  offeredAt: number | null;
}

/**
 * Lets clients follow logs: what there is, then each line as it is stored, as fast as the client reads. It reads from the
 * store, so a client that does not read keeps nobody waiting, and gets all of it later.
 */
export class FollowLog {
  private readonly followers = new Set<Follower>();
  private readonly watch: NodeJS.Timeout;

  constructor(
    private readonly pages: SharedPages,
    private readonly news: LogNews,
    private readonly shares: MeteredShares,
    private readonly limits: FollowLogLimits,
  ) {
    this.watch = every('follow-log.watch', lookEveryMs, () => this.cutStalled()).unref();
  }

  /** The body of the stream. A problem with the first page is thrown, and nothing has been sent then. */
  async execute(following: LogFollowing): Promise<Readable> {
    const dismissal = new AbortController();
    const follower: Follower = { dismissal, cut: () => undefined, offeredAt: null };
    const place = this.shares.take(following.callerName, () => dismissal.abort());
    const { job_id: jobId } = following.request;
    this.news.follow(jobId);
    const leave = (): void => {
      this.followers.delete(follower);
      this.news.leave(jobId);
      place.release();
    };
    try {
      await this.pages.read(following.request, this.news.versionOf(jobId), following.origin);
    } catch (error) {
      leave();
      throw error;
    }
    this.followers.add(follower);
    const body = Readable.from(this.frames(following, follower), { objectMode: false, highWaterMark: 64 * 1024 });
    follower.cut = () => body.destroy();
    body.once(
      'close',
      guarded('follow-log.close', () => {
        dismissal.abort();
        leave();
      }),
    );
    return body;
  }

  close(): void {
    clearInterval(this.watch);
    for (const { dismissal } of this.followers) dismissal.abort();
  }

  private async *frames(following: LogFollowing, follower: Follower): AsyncGenerator<string> {
    const { job_id: jobId } = following.request;
    const { signal } = follower.dismissal;
    let { request } = following;
    let saidAt = performance.now();
    let admittedAt = saidAt;
    while (!signal.aborted) {
      const version = this.news.versionOf(jobId);
      const { page, frame } = await this.pages.read(request, version, following.origin);
      if (frame !== '') {
        yield* offered(frame, follower);
        saidAt = performance.now();
      }
      const { last: _, ...rest } = request;
      request = page.next_cursor === null ? request : { ...rest, cursor: page.next_cursor };
      if (performance.now() - admittedAt >= this.limits.heartbeatIntervalMs) {
        if (!(await following.isStillAdmitted())) break;
        admittedAt = performance.now();
      }
      if (performance.now() - saidAt >= this.limits.heartbeatIntervalMs) {
        yield* offered(heartbeatFrame, follower);
        saidAt = performance.now();
      }
      if (!page.at_end) continue;
      if (page.is_over && page.lines.length === 0) {
        yield* offered(eventFrame({ event: 'end', data: { job_id: jobId } }), follower);
        return;
      }
      if (page.lines.length === 0) await this.news.wait(jobId, version, lookEveryMs, signal);
    }
    // One whose key is no longer good is told why when it comes back.
    yield eventFrame({ event: 'closing', data: { job_id: jobId }, retryMs: reconnectDelayMs });
  }

  private cutStalled(): void {
    const now = performance.now();
    for (const follower of this.followers) {
      if (follower.offeredAt === null || now - follower.offeredAt < this.limits.stallTimeoutMs) continue;
      this.shares.countSlow();
      follower.cut();
    }
  }
}

function* offered(frame: string, follower: Follower): Generator<string> {
  follower.offeredAt = performance.now();
  yield frame;
  follower.offeredAt = null;
}
