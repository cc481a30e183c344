import { parseJson } from '@kintsugi/contracts';
import type { Bus, EventStreamExtent, ReceivedEvent } from '@kintsugi/messaging';
import { eventFrame } from '../../events/domain/event-frame.js';
import { eventIdOf, type EventPlace } from '../../events/domain/event-id.js';
import { SharedEventReader } from '../../events/nats/shared-event-reader.js';
import type { TopicClient } from '../commands/topic-client.js';
import { eventTopicsOf } from '../commands/topic-request.js';
import type { OnceFrame } from '../domain/slow-reader.js';
import { topicDataOf, topicOfEvent } from '../domain/topic-events.js';

/** Characters of missed events that a client which comes back still gets. */
const replayLengthMax = 4 * 1024 * 1024;

/** Hands each event to those clients that hear of whatever happens. */
export class TopicFeed {
  private readonly clients = new Set<TopicClient>();
  private readonly events: SharedEventReader;

  constructor(
    bus: Bus,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.events = new SharedEventReader(bus, {
      onEvent: (event) => this.take(event),
      onStreamLost: () => this.tellOfLostStream(),
      onFault,
    });
  }

  /**
   * From now on the client is told. One that comes back gets what it has missed before; a `gap` says so where that is gone.
   * One that is new is told the place where it begins, so that it can come back to it.
   */
  async join(client: TopicClient): Promise<void> {
    this.clients.add(client);
    const { lastSeen } = client.request;
    const extent = await this.events.open();
    if (lastSeen) {
      // Whoever asked reads only once this is answered: a long replay would wait for its reader, and that one for this.
      this.bringUpToDate(client, lastSeen, extent).catch(() => client.finish('cut'));
      return;
    }
    const id = eventIdOf({ sequence: extent.lastSequence, takenMs: extent.lastTakenMs });
    client.tell({ event: 'ready', id, data: { topics: eventTopicsOf(client.request) } });
  }

  leave(client: TopicClient): void {
    if (this.clients.delete(client) && this.clients.size === 0) this.events.close();
  }

  close(): void {
    this.events.close();
  }

  private async bringUpToDate(client: TopicClient, lastSeen: EventPlace, extent: EventStreamExtent): Promise<void> {
    const framesOf = (event: ReceivedEvent) => [this.framesOf(event)(client)].filter((frame) => frame !== null);
    await this.events.withMissed(lastSeen, extent, { framesOf, lengthMax: replayLengthMax }, async (missed) => {
      if (missed) return client.replay(missed);
      client.tell({
        event: 'gap',
        data: { reason: 'gone', from_id: eventIdOf(lastSeen), topics: eventTopicsOf(client.request) },
      });
    });
    client.goLive(extent.lastSequence);
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
  private tellOfLostStream(): void {
    for (const client of this.clients) {
      client.startAfresh({ event: 'gap', data: { reason: 'stream_lost', topics: eventTopicsOf(client.request) } });
    }
  }
}
