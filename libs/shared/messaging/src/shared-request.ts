import type { Msg, MsgHdrs } from '@nats-io/nats-core';
import { soon } from '@kintsugi/boundary';
import { ACTOR_HEADER, REQUEST_ID_HEADER } from '@kintsugi/contracts';
import { PROBLEM_HEADER, headersOf } from './message-headers.js';
import { originHeaders, textOf, type Origin } from './origin.js';

/** Says that a message holds several requests, or the answers to some of them. */
const SHARED_HEADER = 'Kin-Shared';

const requestsMax = 256;
const bytesMax = 256 * 1024;
/** A body or an answer of more goes by itself. */
const charactersMax = 8 * 1024;

const [lineFeed, space] = ['\n', ' '] as const;
const problemMark = '!';

/** Whether a body is small, and a line. */
export function canShare(body: string | Uint8Array): body is string {
  return typeof body === 'string' && body.length <= charactersMax && !body.includes(lineFeed);
}

/** The answer to a request. */
export interface Reply {
  text: string;
  isProblem: boolean;
}

interface Waiting {
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

/**
 * Requests for one subject that were made in the same moment, as one message: a line of the actors who ask, then a line for each
 * request. The answers come as they are there, those of the same moment in one message. One request alone is a message as any other.
 */
export class SharedRequest {
  private readonly actors = new Map<string, number>();
  private readonly bodies: string[] = [];
  private readonly origins: Origin[] = [];
  private readonly waiting: (Waiting | null)[] = [];
  private left = 0;
  private bytes = 0;

  get isFull(): boolean {
    return this.left === requestsMax || this.bytes > bytesMax;
  }

  add(origin: Origin, body: string, waiting: Waiting): void {
    this.origins.push(origin);
    this.bodies.push(body);
    this.waiting.push(waiting);
    this.left += 1;
    this.bytes += body.length;
  }

  message(): { body: string; headers: MsgHdrs } {
    const [origin, other] = this.origins;
    if (!other) return { body: this.bodies[0] as string, headers: headersOf(originHeaders(origin as Origin)) };
    const lines = this.bodies.map((body, index) => {
      const { actor, requestId } = this.origins[index] as Origin;
      return `${this.placeOf(textOf(actor))}${space}${requestId}${space}${body}`;
    });
    return {
      body: `${[...this.actors.keys()].join('\t')}${lineFeed}${lines.join(lineFeed)}`,
      headers: headersOf({ [SHARED_HEADER]: String(lines.length) }),
    };
  }

  /** Gives the answers in a reply to those who wait for them; true once nobody waits any more. */
  settle(reply: Msg): boolean {
    const text = reply.string();
    if (!reply.headers?.has(SHARED_HEADER)) {
      const isProblem = reply.headers?.has(PROBLEM_HEADER) ?? false;
      this.waiting.forEach((_, index) => this.take(index)?.resolve({ text, isProblem }));
      return true;
    }
    for (const line of text.split(lineFeed)) {
      const { length } = /^\d+/.exec(line)?.[0] ?? '';
      const isProblem = line[length] === problemMark;
      this.take(Number(line.slice(0, length)))?.resolve({ text: line.slice(length + 1), isProblem });
    }
    return this.left === 0;
  }

  reject(error: Error): void {
    this.waiting.forEach((_, index) => this.take(index)?.reject(error));
  }

  private take(index: number): Waiting | null {
    const waiting = this.waiting[index] ?? null;
    if (waiting) this.left -= 1;
    this.waiting[index] = null;
    return waiting;
  }

  private placeOf(actor: string): number {
    const place = this.actors.get(actor) ?? this.actors.size;
    this.actors.set(actor, place);
    return place;
  }
}

/** The requests in a message, each as if it had come by itself; null where the message is one. */
export function requestsIn(message: Msg): Msg[] | null {
  if (!message.headers?.has(SHARED_HEADER)) return null;
  const bytes = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.byteLength);
  const answers = new SharedAnswers(message);
  const requests: Msg[] = [];
  let end = lineEnd(bytes, 0);
  const actors = bytes.toString('latin1', 0, end).split('\t');
  // More than that is sent by nobody who means well.
  while (end < bytes.length && requests.length < requestsMax) {
    const start = end + 1;
    end = lineEnd(bytes, start);
    const behindActor = bytes.indexOf(space, start);
    const behindId = bytes.indexOf(space, behindActor + 1);
    if (behindActor < start || behindId < behindActor || behindId > end) continue;
    requests.push(
      requestOf(message, {
        actor: actors[Number(bytes.toString('latin1', start, behindActor))] ?? '',
        requestId: bytes.toString('latin1', behindActor + 1, behindId),
        data: bytes.subarray(behindId + 1, end),
        respond: answers.respondTo(requests.length),
      }),
    );
  }
  return requests;
}

interface Part {
  actor: string;
  requestId: string;
  data: Uint8Array;
  respond: Msg['respond'];
}

function requestOf({ subject, reply, sid }: Msg, { actor, requestId, data, respond }: Part): Msg {
  const values: Record<string, string> = { [ACTOR_HEADER]: actor, [REQUEST_ID_HEADER]: requestId };
  const text = (): string => new TextDecoder().decode(data);
  const headers = { code: 0, description: '', get: (name: string) => values[name] ?? '', has: (name: string) => name in values };
  return {
    ...{ subject, sid, data, respond, headers: headers as unknown as MsgHdrs },
    ...(reply === undefined ? {} : { reply }),
    string: text,
    json: <Value>() => JSON.parse(text()) as Value,
  };
}

/** The answers to the requests of one message; those of the same moment share one. */
class SharedAnswers {
  private lines: string[] = [];
  private bytes = 0;

  constructor(private readonly message: Msg) {}

  respondTo(index: number): Msg['respond'] {
    return (payload = '', options) => {
      const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload);
      const line = `${index}${options?.headers?.has(PROBLEM_HEADER) ? problemMark : space}${text}`;
      // What may be too large for a message has to tell whoever answers.
      if (text.length > charactersMax) return this.send([line]);
      if (this.bytes + text.length > bytesMax) this.flush();
      this.bytes += text.length;
      if (this.lines.push(line) === 1) soon('shared-answers', () => this.flush());
      return true;
    };
  }

  private flush(): void {
    const { lines } = this;
    this.lines = [];
    this.bytes = 0;
    if (lines.length > 0) this.send(lines);
  }

  private send(lines: readonly string[]): boolean {
    return this.message.respond(lines.join(lineFeed), { headers: headersOf({ [SHARED_HEADER]: String(lines.length) }) });
  }
}

function lineEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(lineFeed, from);
  return end < 0 ? bytes.length : end;
}
