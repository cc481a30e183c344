import type { Msg } from '@nats-io/nats-core';
import { ACTOR_HEADER, TRACEPARENT_HEADER } from '@kintsugi/contracts';
import { spanOfSeveral, tracing, type SpanKind, type SpanStart, type TracedSpan } from '@kintsugi/tracing';

type Given = Pick<Msg, 'headers'>;

/** Of sending what is called `name` to a subject; null where nothing is under way that is traced. */
export function spanOfSending(name: string, subject: string, kind: SpanKind): TracedSpan | null {
  return tracing()?.begin(() => spanStart('send', name, subject, kind)) ?? null;
}

/**
 * Of doing what a message asks for. A message that names an actor comes from a process of the platform, and is traced where that
 * says so; any other comes in by NATS, which is a door.
 */
export function spanOfMessage({ headers }: Given, name: string, subject: string, kind: SpanKind): TracedSpan | null {
  const on = tracing();
  if (!on) return null;
  const given = headers?.get(TRACEPARENT_HEADER) || undefined;
  const start = (): SpanStart => spanStart('process', name, subject, kind);
  if (!headers?.get(ACTOR_HEADER)) return on.enter(given, start);
  return given === undefined ? null : on.resume(given, start());
}

/** Of what is done for several messages at once: a part of the first that is traced, with links to the others. */
export function spanOfMessages(messages: readonly Given[], name: string): TracedSpan | null {
  const on = tracing();
  if (!on) return null;
  return spanOfSeveral(
    messages.flatMap(({ headers }) => headers?.get(TRACEPARENT_HEADER) || []),
    spanStart('process', name, name, 'consumer'),
  );
}

function spanStart(operation: 'send' | 'process', name: string, subject: string, kind: SpanKind): SpanStart {
  return {
    name: `${operation} ${name}`,
    kind,
    attributes: {
      'messaging.system': 'nats',
      'messaging.operation.name': operation,
      'messaging.operation.type': operation,
      'messaging.destination.name': subject,
    },
  };
}
