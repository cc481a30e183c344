import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { guarded, inBackground } from '@kintsugi/boundary';
import { eventNameOf, readEventHeaders, streams, type EventName, type StreamName } from '@kintsugi/contracts';
import type { Bus } from './bus.js';
import { withReadableHeaders } from './guard-connection.js';

/** An event as it stands in the stream: its place, its name and its bytes, not yet parsed. */
export interface ReceivedEvent {
  sequence: number;
  /** When the broker took it, in milliseconds: with the sequence it tells one event from all others. */
  takenMs: number;
  /** Null for an event that this version does not know. */
  name: EventName | null;
  time: string;
  data: Uint8Array;
}

/** How far the stream of events reaches. `createdAt` changes when the stream has been lost and made again. */
export interface EventStreamExtent {
  firstSequence: number;
  lastSequence: number;
  /** When the broker took the last event, in milliseconds. */
  lastTakenMs: number;
  createdAt: string;
}

/** A place that the stream held. One that was rolled back holds something else there, or nothing yet. */
export interface StreamPlace {
  sequence: number;
  takenMs: number;
}

const stream: StreamName = 'EVENTS';

/**
 * Reads the stream of events from a sequence on, in order and without gaps, for as long as the stream lives.
 * It leaves no durable consumer behind. A stream that was made again or rolled back under it leaves it silent, or with a gap:
 * whoever reads on for long asks `hasLostItsStream` from time to time, and when the connection is back.
 */
export class EventReader {
  private messages: ConsumerMessages | null = null;
  /** The last place when the connection was lost: what is read after that may be of another stream. */
  private beforeTheBreak: StreamPlace | null = null;
  private hasEnded = false;
  private readonly stopWatching: () => void;

  private constructor(
    private readonly bus: Bus,
    private readonly createdAt: string,
    private last: StreamPlace,
    private readonly consumer: Consumer,
  ) {
    this.stopWatching = bus.onState((state) => {
      if (state === 'down') this.beforeTheBreak ??= this.last;
    });
  }

  /** @param from the first sequence to read, or `end` for what comes from now on */
  static async open(bus: Bus, from: number | 'end', onEvent: (event: ReceivedEvent) => void): Promise<EventReader> {
    const { createdAt, lastSequence, lastTakenMs } = await eventStreamExtent(bus);
    const consumer = await bus.js.consumers.get(stream, {
      filter_subjects: [...streams[stream].subjects],
      // Always by sequence: a reader that asked for what is new and is reset before its first event would start at the beginning.
      deliver_policy: 'by_start_sequence',
      opt_start_seq: from === 'end' ? lastSequence + 1 : from,
    });
    const reader = new EventReader(bus, createdAt, { sequence: lastSequence, takenMs: lastTakenMs }, consumer);
    await reader.start(onEvent);
    return reader;
  }

  /** Whether the stream is another than the one that it began to read, so that it must be opened anew. */
  async hasLostItsStream(): Promise<boolean> {
    if (this.hasEnded) return true;
    const asked = this.beforeTheBreak;
    const place = asked ?? this.last;
    const extent = await eventStreamExtent(this.bus);
    if (extent.createdAt !== this.createdAt || extent.lastSequence < place.sequence) return true;
    if (place.sequence >= extent.firstSequence && !(await isStillThere(this.bus, place))) return true;
    if (this.beforeTheBreak === asked) this.beforeTheBreak = null;
    return false;
  }

  async close(): Promise<void> {
    this.stopWatching();
    await this.messages?.close();
    // The server forgets it by itself after some minutes if this does not reach it.
    await this.consumer.delete().catch(() => undefined);
  }

  private async start(onEvent: (event: ReceivedEvent) => void): Promise<void> {
    const messages = await this.consumer.consume({
      max_messages: 256,
      idle_heartbeat: 5_000,
      callback: guarded('event-reader', (message: JsMsg) => {
        const event = received(withReadableHeaders(message));
        if (event.sequence > this.last.sequence) this.last = { sequence: event.sequence, takenMs: event.takenMs };
        onEvent(event);
      }),
    });
    this.messages = messages;
    inBackground('event-reader.closed', async () => {
      await messages.closed();
      this.hasEnded = true;
    });
  }
}

/** Whether the same event stands there as before. What has left the stream, by its age for one, speaks neither for nor against. */
export async function isStillThere(bus: Bus, { sequence, takenMs }: StreamPlace): Promise<boolean> {
  if (sequence === 0) return true;
  const manager = await bus.manager();
  const there = await manager.streams.getMessage(stream, { seq: sequence });
  return !there || there.time.getTime() === takenMs;
}

export async function eventStreamExtent(bus: Bus): Promise<EventStreamExtent> {
  const manager = await bus.manager();
  const { created, state } = await manager.streams.info(stream);
  // An empty stream tells of the year 1.
  const lastTakenMs = Math.max(0, Date.parse(state.last_ts));
  return { firstSequence: state.first_seq, lastSequence: state.last_seq, lastTakenMs, createdAt: created };
}

function received(message: JsMsg): ReceivedEvent {
  const attributes = readEventHeaders((header) => message.headers?.get(header) ?? '');
  return {
    sequence: message.seq,
    takenMs: Number(message.timestampNanos / 1_000_000n),
    name: attributes && eventNameOf(attributes.type),
    time: attributes?.time ?? '',
    data: message.data,
  };
}
