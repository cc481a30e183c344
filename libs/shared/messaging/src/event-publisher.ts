import { JetStreamApiError, type ApiError } from '@nats-io/jetstream';
import { InvalidArgumentError, type MsgHdrs } from '@nats-io/nats-core';
import {
  TRACEPARENT_HEADER,
  eventHeaders,
  eventType,
  splitByBytes,
  subjects,
  type EventInput,
  type EventName,
} from '@kintsugi/contracts';
import type { Bus } from './bus.js';
import { headersOf } from './message-headers.js';
import { StreamRestorer } from './stream-restorer.js';

export interface OutgoingEvent<Name extends EventName = EventName> {
  /** Stays the same when the event is published again, so that the broker drops the copy. */
  id: string;
  name: Name;
  source: string;
  subject: string;
  time: string;
  data: EventInput<Name>;
  /** The trace in which it happened. */
  traceparent?: string | undefined;
}

/**
 * Publishes events as CloudEvents in binary mode. Resolves once the broker has stored the event. One whose list is more than
 * a message can carry becomes several, each with some of its entries and an id that tells which.
 */
export class EventPublisher {
  private readonly streams: StreamRestorer;

  constructor(private readonly bus: Bus) {
    this.streams = new StreamRestorer(bus);
  }

  async publish(event: OutgoingEvent): Promise<void> {
    try {
      for (const { id, text } of messagesOf(event)) {
        const headers = headersOf({ ...headersFor({ ...event, id }), 'Nats-Msg-Id': id });
        await this.store(subjects.event(event.name), text, headers);
      }
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw error;
      // The usual cause is a stream that is gone; the caller will publish again.
      await this.streams.restore();
      throw error;
    }
  }

  /** The client library has the same, but makes an error, with its stack, of each message that the broker has stored. */
  private async store(subject: string, text: string, headers: MsgHdrs): Promise<void> {
    const reply = await this.bus.ask(subject, text, { headers, timeoutMs: 3_000 });
    const { stream, error } = reply.json<{ stream?: string; error?: ApiError }>();
    if (error) throw new JetStreamApiError(error);
    if (!stream) throw new Error(`What answered on ${subject} is no stream.`);
  }

  /** Publishes without waiting and without keeping the event for a crash: for progress that the next one replaces. */
  publishTransient(event: OutgoingEvent): void {
    this.bus.publish(subjects.event(event.name), JSON.stringify(event.data), { headers: headersFor(event) });
  }
}

function headersFor({ id, name, source, subject, time, traceparent }: OutgoingEvent): Record<string, string> {
  const headers = eventHeaders({ id, type: eventType(name), source, subject, time });
  return traceparent === undefined ? headers : { ...headers, [TRACEPARENT_HEADER]: traceparent };
}

/** The id of a part tells its entries: published again and split otherwise, it is no copy of a part with others. */
function messagesOf({ id, data }: OutgoingEvent): { id: string; text: string }[] {
  const [[list, entries] = ['', []]] = Object.entries<readonly unknown[]>(data);
  const parts = splitByBytes(entries, (some) => JSON.stringify({ [list]: some }));
  return parts.length === 1
    ? parts.map(({ text }) => ({ id, text }))
    : parts.map(({ from, to, text }) => ({ id: `${id}.${from}-${to}`, text }));
}
