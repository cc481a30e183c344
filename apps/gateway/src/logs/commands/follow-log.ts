import type { Readable } from 'node:stream';
import type { ActionInput } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { eventFrame, heartbeatFrame } from '../../events/domain/event-frame.js';
import type { LogNews } from '../nats/log-news.js';
import type { LogReader, LogReaders, ReaderOfLog } from './log-readers.js';
import type { SharedPages } from './shared-pages.js';

export interface LogFollowing extends ReaderOfLog {
  request: ActionInput<'readJobLog'>;
  origin: Origin;
}

/** Without news it is looked so often whether the job is over, or news was lost. */
const lookEveryMs = 1_000;
const reconnectDelayMs = 1_000;

/**
 * Lets clients follow logs: what there is, then each line as it is stored, as fast as the client reads. It reads from the
 * store, so a client that does not read keeps nobody waiting, and gets all of it later.
 */
export class FollowLog {
  constructor(
    private readonly pages: SharedPages,
    private readonly news: LogNews,
    private readonly readers: LogReaders,
    private readonly heartbeatIntervalMs: number,
  ) {}

  /** The body of the stream. A problem with the first page is thrown, and nothing has been sent then. */
  async execute(following: LogFollowing): Promise<Readable> {
    const reader = this.readers.enter(following);
    const { job_id: jobId } = following.request;
    this.news.follow(jobId);
    const leave = (): void => {
      this.news.leave(jobId);
      reader.leave();
    };
    try {
      await reader.part(() => this.pageOf(following.request, this.news.versionOf(jobId), following.origin));
      reader.giveBack();
    } catch (error) {
      leave();
      throw error;
    }
    return reader.bodyOf(this.frames(following, reader), leave);
  }

  private async *frames(following: LogFollowing, reader: LogReader): AsyncGenerator<Buffer> {
    const { job_id: jobId } = following.request;
    let { request } = following;
    let saidAt = performance.now();
    while (await reader.isAdmitted()) {
      const version = this.news.versionOf(jobId);
      const page = await reader.part(() => this.pageOf(request, version, following.origin));
      if (!page) break;
      if (page.hasLines) {
        yield* reader.pieces();
        saidAt = performance.now();
      }
      request = page.next;
      if (performance.now() - saidAt >= this.heartbeatIntervalMs) {
        yield* reader.saying(heartbeatFrame);
        saidAt = performance.now();
      }
      if (!page.isAtEnd || page.hasLines) continue;
      if (page.isOver) {
        yield* reader.saying(eventFrame({ event: 'end', data: { job_id: jobId } }));
        return;
      }
      await this.news.wait(jobId, version, lookEveryMs, reader.signal);
    }
    // One whose key is no longer good is told why when it comes back.
    yield* reader.saying(eventFrame({ event: 'closing', data: { job_id: jobId }, retryMs: reconnectDelayMs }));
  }

  private async pageOf(request: LogFollowing['request'], version: number, origin: Origin) {
    const { frame, cursor, isAtEnd, isOver } = await this.pages.read(request, version, origin);
    const { last: _, ...rest } = request;
    const next = cursor === null ? request : { ...rest, cursor };
    return { bytes: Buffer.from(frame), known: { next, isAtEnd, isOver, hasLines: frame !== '' } };
  }
}
