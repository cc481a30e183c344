import { eventHeaders, eventType, subjects, type EventInput, type EventName } from '@kintsugi/contracts';
import { headersOf, type Bus } from './bus.js';
import { StreamRestorer } from './stream-restorer.js';

export interface OutgoingEvent<Name extends EventName = EventName> {
  /** Stays the same when the event is published again, so that the broker drops the copy. */
  id: string;
  name: Name;
  source: string;
  subject: string;
  time: string;
  data: EventInput<Name>;
}

/** Publishes events as CloudEvents in binary mode. Resolves once the broker has stored the event. */
export class EventPublisher {
  private readonly streams: StreamRestorer;

  constructor(private readonly bus: Bus) {
    this.streams = new StreamRestorer(bus);
  }

  async publish(event: OutgoingEvent): Promise<void> {
    const headers = headersOf({
      ...eventHeaders({
        id: event.id,
        type: eventType(event.name),
        source: event.source,
        subject: event.subject,
        time: event.time,
      }),
      'Nats-Msg-Id': event.id,
    });
    try {
      await this.bus.js.publish(subjects.event(event.name), JSON.stringify(event.data), { headers, timeout: 3_000 });
    } catch (error) {
      // The usual cause is a stream that is gone; the caller will publish again.
      await this.streams.restore();
      throw error;
    }
  }

  /** Publishes without waiting and without keeping the event for a crash: for progress that the next one replaces. */
  mention(event: OutgoingEvent): void {
    const { id, name, source, subject, time } = event;
    this.bus.publish(subjects.event(name), JSON.stringify(event.data), {
      headers: eventHeaders({ id, type: eventType(name), source, subject, time }),
    });
  }
}
