import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { guarded } from '@kintsugi/boundary';
import { eventNameOf, readEventHeaders, streams, type EventName, type StreamName } from '@kintsugi/contracts';
import type { Bus } from './bus.js';
import { withReadableHeaders } from './guard-connection.js';

/** An event as it stands in the stream: its place, its name and its bytes, not yet parsed. */
export interface ReceivedEvent {
  sequence: number;
  /** Null for an event that this version does not know. */
  name: EventName | null;
  time: string;
  data: Uint8Array;
}

/** How far the stream of events reaches. `createdAt` changes when the stream has been lost and made again. */
export interface EventStreamExtent {
  firstSequence: number;
  lastSequence: number;
  createdAt: string;
}

const stream: StreamName = 'EVENTS';

/**
 * Reads the stream of events from a sequence on, in order and without gaps, for as long as the stream lives.
 * It leaves no durable consumer behind. A stream that was lost and made again is noticed by its extent, not by the reader.
 */
export class EventReader {
  private constructor(
    private readonly consumer: Consumer,
    private readonly messages: ConsumerMessages,
  ) {}

  static async open(bus: Bus, fromSequence: number, onEvent: (event: ReceivedEvent) => void): Promise<EventReader> {
    const consumer = await bus.js.consumers.get(stream, {
      filter_subjects: [...streams[stream].subjects],
      // Always by sequence: a reader that asked for what is new and is reset before its first event would start at the beginning.
      deliver_policy: 'by_start_sequence',
      opt_start_seq: fromSequence,
    });
    const messages = await consumer.consume({
      max_messages: 256,
      idle_heartbeat: 5_000,
      callback: guarded('event-reader', (message: JsMsg) => onEvent(received(withReadableHeaders(message)))),
    });
    return new EventReader(consumer, messages);
  }

  async close(): Promise<void> {
    await this.messages.close();
    // The server forgets it by itself after some minutes if this does not reach it.
    await this.consumer.delete().catch(() => undefined);
  }
}

export async function eventStreamExtent(bus: Bus): Promise<EventStreamExtent> {
  const manager = await bus.manager();
  const { created, state } = await manager.streams.info(stream);
  return { firstSequence: state.first_seq, lastSequence: state.last_seq, createdAt: created };
}

function received(message: JsMsg): ReceivedEvent {
  const attributes = readEventHeaders((header) => message.headers?.get(header) ?? '');
  return {
    sequence: message.seq,
    name: attributes && eventNameOf(attributes.type),
    time: attributes?.time ?? '',
    data: message.data,
  };
}
