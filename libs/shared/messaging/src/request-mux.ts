import { NoRespondersError, TimeoutError, createInbox, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { after, every, guarded, inBackground, soon } from '@kintsugi/boundary';
import { withReadableHeaders } from './guard-connection.js';
import type { Origin } from './origin.js';
import { Presence, presenceIntervalMs } from './presence.js';
import { SharedRequest, type Reply } from './shared-request.js';

interface Asked {
  subject: string;
  askedAt: number;
  presence: string | undefined;
  timer: NodeJS.Timeout;
  /** Takes a reply; true when it was the last. */
  settle: (reply: Msg) => boolean;
  reject: (error: Error) => void;
}

type Settling = Pick<Asked, 'settle' | 'reject'>;

export interface AskOptions {
  timeoutMs: number;
  headers?: MsgHdrs;
  /**
   * Where whoever answers tells who it is. Once it is gone, or the connection broke under the request, it is waited for no
   * longer. Where several can answer, the others hide the end of the one that was asked, and its silence lasts until the time-out.
   */
  presence?: string;
}

/** Whoever was asked is gone, and may have done what was asked for. */
export class ResponderGoneError extends Error {
  override readonly name = 'ResponderGoneError';
}

const noResponders = 503;
/** Answers to what was asked before the connection broke come within this time after it is back, or never. */
const answersAfterBreakMs = 1_000;
/** A timer that is later than this was kept from firing by a pause. */
const lateMs = 100;

/**
 * Requests whose replies share one inbox. The client library has the same, but makes an error, with its stack, of each
 * request that succeeds: a third of what a request costs its caller.
 */
export class RequestMux {
  private readonly asked = new Map<string, Asked>();
  private readonly watched = new Map<string, Presence>();
  /** By the token of its reply: the presence that is asked for. */
  private readonly probes = new Map<string, string>();
  private readonly inbox = `${createInbox()}.`;
  /** What was asked in this turn of the event loop, by its token. */
  private unsent: { token: string; content: () => { body: string | Uint8Array; headers?: MsgHdrs } }[] = [];
  /** By its subject: what others may still join in this turn. */
  private readonly joinable = new Map<string, SharedRequest>();
  private last = 0;
  private probing: NodeJS.Timeout | null = null;

  constructor(private readonly connection: NatsConnection) {
    connection.subscribe(`${this.inbox}*`, {
      callback: guarded('request-mux.settle', (error: Error | null, message: Msg) => {
        if (!error) this.settle(withReadableHeaders(message));
      }),
    });
    inBackground('request-mux.closed', async () =>
      this.giveUp((await connection.closed()) ?? new Error('The connection is closed.')),
    );
  }

  /** The first reply. Rejects with a NoRespondersError when nobody listens, with a TimeoutError when nobody replies in time. */
  ask(subject: string, body: string | Uint8Array, options: AskOptions): Promise<Msg> {
    return new Promise((resolve, reject) => {
      const settle = (reply: Msg): boolean => {
        resolve(reply);
        return true;
      };
      const { headers } = options;
      this.enter(subject, options, { settle, reject }, () => ({ body, ...(headers ? { headers } : {}) }));
    });
  }

  /** The same, with all others that ask so in this turn, who have the same time for it. */
  askTogether(subject: string, body: string, origin: Origin, options: AskOptions): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const shared = this.joinable.get(subject) ?? this.share(subject, options);
      shared.add(origin, body, { resolve, reject });
      if (shared.isFull) this.joinable.delete(subject);
    });
  }

  private share(subject: string, options: AskOptions): SharedRequest {
    const shared = new SharedRequest();
    this.joinable.set(subject, shared);
    const settling = {
      settle: (reply: Msg) => shared.settle(reply),
      reject: (error: Error) => shared.reject(error),
    };
    this.enter(subject, options, settling, () => shared.message());
    return shared;
  }

  private enter(
    subject: string,
    { timeoutMs, presence }: AskOptions,
    settling: Settling,
    content: () => { body: string | Uint8Array; headers?: MsgHdrs },
  ): void {
    const token = this.newToken();
    const askedAt = performance.now();
    const dueAt = askedAt + timeoutMs;
    const timer = after('request-mux.timeout', timeoutMs, () => this.expire(token, dueAt));
    this.asked.set(token, { subject, askedAt, presence, timer, ...settling });
    if (this.unsent.push({ token, content }) === 1) soon('request-mux.send', () => this.sendTurn());
    if (presence) this.probing ??= every('request-mux.probe', presenceIntervalMs, () => this.probe());
  }

  /** One write of the socket takes all requests of a turn, and costs more than any of them. */
  private sendTurn(): void {
    this.joinable.clear();
    for (const { token, content } of this.unsent.splice(0)) {
      const asked = this.asked.get(token);
      if (!asked) continue;
      try {
        const { body, headers } = content();
        this.connection.publish(asked.subject, body, { reply: this.inbox + token, ...(headers ? { headers } : {}) });
      } catch (error) {
        this.take(token)?.reject(error as Error);
      }
    }
  }

  /** The connection broke and is back: a request may never have got there, and its answer may have been lost on the way. */
  noteReconnected(): void {
    const tokens = [...this.asked].flatMap(([token, { presence }]) => (presence ? [token] : []));
    if (tokens.length === 0) return;
    after('request-mux.broken', answersAfterBreakMs, () => {
      for (const token of tokens) this.abandon(token, 'The connection broke before an answer came.');
    });
  }

  private abandon(token: string, why: string): void {
    this.take(token)?.reject(new ResponderGoneError(why));
  }

  /** What is waited for no longer. */
  private take(token: string): Asked | undefined {
    const asked = this.asked.get(token);
    clearTimeout(asked?.timer);
    this.asked.delete(token);
    return asked;
  }

  private newToken(): string {
    this.last += 1;
    return this.last.toString(36);
  }

  /** A timer that is late, after a pause of this process, fires before the reply is read that lies in the socket: that goes first. */
  private expire(token: string, dueAt: number): void {
    const asked = this.asked.get(token);
    if (!asked) return;
    if (performance.now() - dueAt > lateMs) {
      asked.timer = after('request-mux.timeout', lateMs, () => this.expire(token, Infinity));
      return;
    }
    this.take(token)?.reject(new TimeoutError());
  }

  private settle(reply: Msg): void {
    const token = reply.subject.slice(this.inbox.length);
    const asked = this.asked.get(token);
    if (!asked) return this.settleProbe(token, reply);
    if (isAbsence(reply)) asked.reject(new NoRespondersError(asked.subject));
    else if (!asked.settle(reply)) return;
    this.take(token);
  }

  /** Costs nothing while everything is answered within the interval. */
  private probe(): void {
    const askedBefore = performance.now() - presenceIntervalMs;
    const late = [...this.asked.values()].filter(({ presence, askedAt }) => presence && askedAt <= askedBefore);
    this.probes.clear();
    for (const presence of new Set(late.map((asked) => asked.presence as string))) {
      const token = this.newToken();
      this.probes.set(token, presence);
      this.connection.publish(presence, '', { reply: this.inbox + token });
    }
    if (this.asked.size === 0 && this.probing) {
      clearInterval(this.probing);
      this.probing = null;
    }
  }

  private settleProbe(token: string, reply: Msg): void {
    const presence = this.probes.get(token);
    if (presence === undefined) return;
    const watched = this.watched.get(presence) ?? new Presence();
    this.watched.set(presence, watched);
    const goneSince = isAbsence(reply) ? watched.absent(performance.now()) : watched.present(reply.string());
    if (goneSince === null) return;
    for (const [key, asked] of this.asked) {
      if (asked.presence !== presence || asked.askedAt > goneSince) continue;
      this.abandon(key, `Who was asked no longer listens on ${presence}.`);
    }
  }

  private giveUp(error: Error): void {
    if (this.probing) clearInterval(this.probing);
    for (const { timer, reject } of this.asked.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.asked.clear();
  }
}

/** An empty message with this status comes from the server itself: nobody listens. */
function isAbsence(reply: Msg): boolean {
  return reply.headers?.code === noResponders && reply.data.length === 0;
}
