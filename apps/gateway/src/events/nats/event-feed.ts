import { parseJson } from '@kintsugi/contracts';
import type { Bus, EventStreamExtent, ReceivedEvent } from '@kintsugi/messaging';
import type { EventFrame, Follower } from '../commands/follower.js';
import { eventFrame } from '../domain/event-frame.js';
import { eventIdOf, type EventPlace } from '../domain/event-id.js';
import { jobEventsOf } from '../domain/job-events.js';
import { SharedEventReader } from './shared-event-reader.js';

/** Characters of missed events that one client still gets; one that missed more starts afresh. */
const replayLengthMax = 8 * 1024 * 1024;
/** With this many jobs followed or fewer, an event is searched for their ids before it is parsed. */
const searchedJobsMax = 8;

/** Hands each event to those clients of this gateway who follow a job that the event lists. */
export class EventFeed {
  private readonly followers = new Map<string, Set<Follower>>();
  private readonly events: SharedEventReader;

  constructor(
    bus: Bus,
    /** Called for every follower when the stream was made again or rolled back: its numbers mean nothing any more. */
    private readonly onStreamLost: (follower: Follower) => void,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.events = new SharedEventReader(bus, {
      onEvent: (event) => this.take(event),
      onStreamLost: () => {
        for (const follower of this.all()) this.onStreamLost(follower);
      },
      onFault,
    });
  }

  get size(): number {
    let size = 0;
    for (const ofJob of this.followers.values()) size += ofJob.size;
    return size;
  }

  /** From now on the follower gets its events. The extent says up to where the stream reached at that moment. */
  async join(follower: Follower): Promise<EventStreamExtent> {
    const ofJob = this.followers.get(follower.jobId) ?? new Set();
    this.followers.set(follower.jobId, ofJob.add(follower));
    return this.events.open();
  }

  leave(follower: Follower): void {
    const ofJob = this.followers.get(follower.jobId);
    if (!ofJob?.delete(follower)) return;
    if (ofJob.size === 0) this.followers.delete(follower.jobId);
    if (this.followers.size === 0) this.events.close();
  }

  all(): Follower[] {
    return [...this.followers.values()].flatMap((ofJob) => [...ofJob]);
  }

  close(): void {
    this.events.close();
  }

  /** What the stream holds of a job from a place on; null when it is another stream by now, or that is too much or does not come in time. */
  async withMissed<Result>(
    jobId: string,
    lastSeen: EventPlace,
    extent: EventStreamExtent,
    use: (missed: EventFrame[] | null) => Promise<Result>,
  ): Promise<Result> {
    const framesOf = (event: ReceivedEvent): EventFrame[] => this.framesOf(event, (id) => id === jobId).map(({ frame }) => frame);
    return this.events.withMissed(lastSeen, extent, { framesOf, lengthMax: replayLengthMax }, use);
  }

  private take(event: ReceivedEvent): void {
    const { followers } = this;
    if (followers.size <= searchedJobsMax && !this.namesFollowed(event.data)) return;
    for (const { jobId, frame } of this.framesOf(event, (id) => followers.has(id))) {
      for (const follower of [...(followers.get(jobId) ?? [])]) follower.pass(frame);
    }
  }

  /** Searching bytes is far cheaper than parsing what concerns nobody here. */
  private namesFollowed(data: Uint8Array): boolean {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    for (const jobId of this.followers.keys()) if (bytes.includes(jobId)) return true;
    return false;
  }

  private framesOf(event: ReceivedEvent, wanted: (jobId: string) => boolean): { jobId: string; frame: EventFrame }[] {
    const { sequence, takenMs, name, time } = event;
    if (!name) return [];
    try {
      const data = parseJson(Buffer.from(event.data).toString('utf8'));
      return jobEventsOf({ name, time, data }, wanted).map(({ jobId, data: ofJob }) => ({
        jobId,
        frame: { sequence, name, frame: eventFrame({ event: name, id: eventIdOf({ sequence, takenMs }), data: ofJob }) },
      }));
    } catch (error) {
      // One event that makes no sense must not end the reading of all others.
      this.onFault(error);
      return [];
    }
  }
}
