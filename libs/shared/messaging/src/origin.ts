import { randomUUID } from 'node:crypto';
import type { Msg } from '@nats-io/nats-core';
import { ACTOR_HEADER, REQUEST_ID_HEADER, TRACEPARENT_HEADER, actorSchema, natsActor, type Actor } from '@kintsugi/contracts';

/** Who asks, and under which id the logs tell of it. */
export interface Origin {
  actor: Actor;
  requestId: string;
  /** The trace that it is a part of, where it is traced. */
  traceparent?: string;
}

const requestIdPattern = /^[\x21-\x7e]{1,128}$/;
/** Actors whose text is kept: the same few ask again and again. */
const keptMax = 1_000;

const texts = new WeakMap<Actor, string>();
const actors = new Map<string, Actor>();

/** A request of this process itself, which nobody asked for. */
export function ownOrigin(actor: Actor): Origin {
  return { actor, requestId: randomUUID() };
}

/** The headers that tell an origin. */
export function originHeaders({ actor, requestId, traceparent }: Origin): Record<string, string> {
  const headers: Record<string, string> = { [REQUEST_ID_HEADER]: requestId, [ACTOR_HEADER]: textOf(actor) };
  if (traceparent !== undefined) headers[TRACEPARENT_HEADER] = traceparent;
  return headers;
}

/** As JSON of ASCII characters, which any header can hold. */
export function textOf(actor: Actor): string {
  const known = texts.get(actor);
  if (known !== undefined) return known;
  const escaped = (character: string): string => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const text = JSON.stringify(actor).replaceAll(/[^\x20-\x7e]/g, escaped);
  texts.set(actor, text);
  return text;
}

/** The origin of a message; one that names no actor has come in by NATS itself, and one without a usable id gets one. */
export function originOf(message: Pick<Msg, 'headers'>): Origin {
  return { actor: actorOf(message), requestId: requestIdOf(message) };
}

export function actorOf({ headers }: Pick<Msg, 'headers'>): Actor {
  const text = headers?.get(ACTOR_HEADER);
  if (!text) return natsActor;
  const known = actors.get(text);
  if (known) return known;
  const actor = readActor(text);
  if (actors.size >= keptMax) actors.clear();
  actors.set(text, actor);
  return actor;
}

/** The id that the asker gave its request, where it is one that a log and a header can hold; another one otherwise. */
export function requestIdOf({ headers }: Pick<Msg, 'headers'>): string {
  const given = headers?.get(REQUEST_ID_HEADER) ?? '';
  return requestIdPattern.test(given) ? given : randomUUID();
}

/** What cannot be read is no actor of ours: it came in by NATS. */
function readActor(text: string): Actor {
  try {
    return actorSchema.parse(JSON.parse(text));
  } catch {
    return natsActor;
  }
}
