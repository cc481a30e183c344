import type { JsMsg } from '@nats-io/jetstream';

/** Where a message stands: the same over deliveries, and another for each message, also after its stream was lost and made anew. */
export function placeOf({ info }: JsMsg): string {
  return `${info.stream}.${info.streamSequence}.${info.timestampNanos}`;
}

/** The id that its sender has given a message; null where it has given none. */
export function messageIdOf({ headers }: Pick<JsMsg, 'headers'>): string | null {
  return headers?.get('Nats-Msg-Id') || null;
}
