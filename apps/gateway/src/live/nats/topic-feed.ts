import { after, every, inBackground } from '@kintsugi/boundary';
import { parseJson } from '@kintsugi/contracts';
import {
  EventReader,
  eventStreamExtent,
  isStillThere,
  type Bus,
  type EventStreamExtent,
  type ReceivedEvent,
} from '@kintsugi/messaging';
import { eventFrame } from '../../events/domain/event-frame.js';
import { eventIdOf, type EventPlace } from '../../events/domain/event-id.js';
import { canReplay } from '../../events/domain/replay.js';
import type { TopicClient } from '../commands/topic-client.js';
import { eventTopicsOf } from '../commands/topic-request.js';
import type { OnceFrame } from '../domain/slow-reader.js';
import { topicDataOf, topicOfEvent } from '../domain/topic-events.js';

const watchIntervalMs = 5_000;
const replayTimeoutMs = 10_000;
/** Characters of missed events that a client which comes back still gets. */
const replayLengthMax = 4 * 1024 * 1024;

/** One ordered reader of all events, for all clients that hear of whatever happens; open while there are any. */
export class TopicFeed {
  private readonly clients = new Set<TopicClient>();
  private opening: Promise<EventReader> | null = null;
  private watchTimer: NodeJS.Timeout | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /**
   * From now on the client is told. One that comes back gets what it has missed before; a `gap` says so where that is gone.
   * One that is new is told the place where it begins, so that it can come back to it.
   */
  async join(client: TopicClient): Promise<void> {
    this.clients.add(client);
    this.watchTimer ??= every('topic-feed.watch', watchIntervalMs, () => this.restartIfLost()).unref();
    const opening = (this.opening ??= EventReader.open(this.bus, 'end', (event) => this.take(event)));
    try {
      await opening;
    } catch (error) {
      if (this.opening === opening) this.opening = null;
      throw error;
    }
    const { lastSeen } = client.request;
    const extent = await eventStreamExtent(this.bus);
    if (lastSeen) {
      // Whoever asked reads only once this is answered: a long replay would wait for its reader, and that one for this.
      inBackground('topic-feed.replay', () => this.bringUpToDate(client, lastSeen, extent));
      return;
    }
    const id = eventIdOf({ sequence: extent.lastSequence, takenMs: extent.lastTakenMs });
    client.tell({ event: 'ready', id, data: { topics: eventTopicsOf(client.request) } });
  }

  leave(client: TopicClient): void {
    if (!this.clients.delete(client) || this.clients.size > 0) return;
    this.close();
  }

  close(): void {
    if (this.watchTimer) clearInterval(this.watchTimer);
    this.watchTimer = null;
    const { opening } = this;
    this.opening = null;
    opening?.then((reader) => reader.close()).catch(() => undefined);
  }

  private async bringUpToDate(client: TopicClient, lastSeen: EventPlace, extent: EventStreamExtent): Promise<void> {
    const isKnown =
      canReplay(lastSeen.sequence, extent) &&
      (lastSeen.takenMs === null || (await isStillThere(this.bus, { sequence: lastSeen.sequence, takenMs: lastSeen.takenMs })));
    const missed = isKnown ? await this.missed(client, lastSeen.sequence + 1, extent.lastSequence) : null;
    if (missed) await client.replay(missed);
    else {
      client.tell({
        event: 'gap',
        data: { reason: 'gone', from_id: eventIdOf(lastSeen), topics: eventTopicsOf(client.request) },
      });
    }
    client.goLive(extent.lastSequence);
  }

  /** Null when it is too much, or does not come in time. */
  private async missed(client: TopicClient, from: number, to: number): Promise<OnceFrame[] | null> {
    if (from > to) return [];
    const missed: OnceFrame[] = [];
    let length = 0;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const reader = await EventReader.open(this.bus, from, (event) => {
      const frame = event.sequence <= to ? this.framesOf(event)(client) : null;
      if (frame) missed.push(frame);
      length += frame?.frame.length ?? 0;
      if (length > replayLengthMax) resolve(false);
      else if (event.sequence >= to) resolve(true);
    });
    const timer = after('topic-feed.replay', replayTimeoutMs, () => resolve(false));
    const isComplete = await promise;
    clearTimeout(timer);
    inBackground('topic-feed.close', () => reader.close());
    return isComplete ? missed : null;
  }

  private take(event: ReceivedEvent): void {
    const frameFor = this.framesOf(event);
    for (const client of [...this.clients]) {
      const frame = frameFor(client);
      if (frame) client.tellOnce(frame);
    }
  }

  /** What an event is to a client. It is parsed once, and only where somebody hears it. */
  private framesOf({ sequence, takenMs, name, time, data }: ReceivedEvent): (client: TopicClient) => OnceFrame | null {
    const topic = name && topicOfEvent(name);
    if (!name || !topic) return () => null;
    const id = eventIdOf({ sequence, takenMs });
    const frames = new Map<string | null, OnceFrame | null>();
    let parsed: unknown;
    const frameOf = (tenant: string | null): OnceFrame | null => {
      parsed ??= this.parsed(data);
      const told = topicDataOf(topic, time, parsed, tenant);
      return told && { sequence, id, topic, frame: eventFrame({ event: name, id, data: told }) };
    };
    return ({ request: { topics, origin } }) => {
      if (!topics.some(({ kind }) => kind === topic)) return null;
      const { tenant } = origin.actor;
      if (!frames.has(tenant)) frames.set(tenant, frameOf(tenant));
      return frames.get(tenant) ?? null;
    };
  }

  private parsed(data: Uint8Array): unknown {
    try {
      return parseJson(Buffer.from(data).toString('utf8'));
    } catch (error) {
      // One event that makes no sense must not end the reading of all others.
      this.onFault(error);
      return {};
    }
  }

  /** A stream that was made again, or put back to an older state, says nothing of what came before. */
  private async restartIfLost(): Promise<void> {
    if (this.bus.state === 'down') return;
    try {
      const reader = await this.opening;
      if (reader && !(await reader.hasLostItsStream())) return;
      if (this.clients.size === 0) return;
      const opening = EventReader.open(this.bus, 'end', (event) => this.take(event));
      this.opening = opening;
      await opening;
      inBackground('topic-feed.close', () => reader?.close());
      for (const client of this.clients) {
        client.startAfresh({ event: 'gap', data: { reason: 'stream_lost', topics: eventTopicsOf(client.request) } });
      }
    } catch (error) {
      this.opening = null;
      this.onFault(error);
    }
  }
}
