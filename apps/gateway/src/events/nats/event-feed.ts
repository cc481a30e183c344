import { after, every, inBackground } from '@kintsugi/boundary';
import { parseJson } from '@kintsugi/contracts';
import {
  EventReader,
  applyTopology,
  eventStreamExtent,
  isStillThere,
  type Bus,
  type EventStreamExtent,
  type ReceivedEvent,
} from '@kintsugi/messaging';
import type { EventFrame, Follower } from '../commands/follower.js';
import { eventFrame } from '../domain/event-frame.js';
import { eventIdOf, type EventPlace } from '../domain/event-id.js';
import { jobEventsOf } from '../domain/job-events.js';

const watchIntervalMs = 5_000;
const replayTimeoutMs = 10_000;
/** Characters of missed events that one client still gets; one that missed more starts afresh. */
const replayLengthMax = 8 * 1024 * 1024;
/** With this many jobs followed or fewer, an event is searched for their ids before it is parsed. */
const searchedJobsMax = 8;

/**
 * One ordered reader of all events, for all clients of this gateway together, open while there are any.
 * It hands each event to those who follow a job that the event lists.
 */
export class EventFeed {
  private readonly followers = new Map<string, Set<Follower>>();
  private opening: Promise<EventReader> | null = null;
  private watchTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly bus: Bus,
    /** Called for every follower when the stream was made again or rolled back: its numbers mean nothing any more. */
    private readonly onStreamLost: (follower: Follower) => void,
    private readonly onFault: (error: unknown) => void,
  ) {
    // A broker that comes back may have come back with other files.
    bus.onState((state) => {
      if (state === 'up' && this.watchTimer) inBackground('event-feed.reconnect', () => this.restartIfLost());
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
    this.watchTimer ??= every('event-feed.watch', watchIntervalMs, () => this.restartIfLost());
    await this.opened();
    return eventStreamExtent(this.bus);
  }

  leave(follower: Follower): void {
    const ofJob = this.followers.get(follower.jobId);
    if (!ofJob?.delete(follower)) return;
    if (ofJob.size === 0) this.followers.delete(follower.jobId);
    if (this.followers.size === 0) this.close();
  }

  all(): Follower[] {
    return [...this.followers.values()].flatMap((ofJob) => [...ofJob]);
  }

  close(): void {
    if (this.watchTimer) clearInterval(this.watchTimer);
    this.watchTimer = null;
    const { opening } = this;
    this.opening = null;
    opening?.then((reader) => reader.close()).catch(() => undefined);
  }

  /** Whether the stream is still the one that this place was read from, as far as that can be told. */
  async knows({ sequence, takenMs }: EventPlace): Promise<boolean> {
    return takenMs === null || isStillThere(this.bus, { sequence, takenMs });
  }

  /** What the stream holds of a job from one sequence to another; null when that is too much or does not come in time. */
  async missed(jobId: string, fromSequence: number, toSequence: number): Promise<EventFrame[] | null> {
    if (fromSequence > toSequence) return [];
    const missed: EventFrame[] = [];
    let length = 0;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const reader = await EventReader.open(this.bus, fromSequence, (event) => {
      if (event.sequence <= toSequence) {
        for (const { frame } of this.framesOf(event, (id) => id === jobId)) {
          missed.push(frame);
          length += frame.frame.length;
        }
      }
      if (length > replayLengthMax) resolve(false);
      else if (event.sequence >= toSequence) resolve(true);
    });
    const timer = after('event-feed.replay', replayTimeoutMs, () => resolve(false));
    const complete = await promise;
    clearTimeout(timer);
    inBackground('event-feed.close', () => reader.close());
    return complete ? missed : null;
  }

  private async opened(): Promise<void> {
    const opening = (this.opening ??= this.open());
    try {
      await opening;
    } catch (error) {
      if (this.opening === opening) this.opening = null;
      throw error;
    }
  }

  private async open(): Promise<EventReader> {
    const open = (): Promise<EventReader> => EventReader.open(this.bus, 'end', (event) => this.take(event));
    try {
      return await open();
    } catch {
      await applyTopology(this.bus);
      return open();
    }
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

  private async restartIfLost(): Promise<void> {
    if (this.bus.state === 'down') return;
    const { opening } = this;
    try {
      // None while it could not be opened anew.
      const reader = await opening;
      if (reader && !(await this.hasLostItsStream(reader))) return;
      if (this.opening !== opening || this.followers.size === 0) return;
      this.opening = null;
      inBackground('event-feed.close', () => reader?.close());
      await this.opened();
      for (const follower of this.all()) this.onStreamLost(follower);
    } catch (error) {
      this.onFault(error);
    }
  }

  private async hasLostItsStream(reader: EventReader): Promise<boolean> {
    try {
      return await reader.hasLostItsStream();
    } catch {
      await applyTopology(this.bus);
      return reader.hasLostItsStream();
    }
  }
}
