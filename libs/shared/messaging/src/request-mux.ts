import { after, guarded, inBackground } from '@kintsugi/boundary';
import { NoRespondersError, TimeoutError, createInbox, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/nats-core';
import { withReadableHeaders } from './guard-connection.js';

interface Asked {
  subject: string;
  timer: NodeJS.Timeout;
  resolve: (reply: Msg) => void;
  reject: (error: Error) => void;
}

export interface AskOptions {
  timeoutMs: number;
  headers?: MsgHdrs;
}

const noResponders = 503;

/**
 * Requests whose replies share one inbox. The client library has the same, but makes an error, with its stack, of each
 * request that succeeds: a third of what a request costs its caller.
 */
export class RequestMux {
  private readonly asked = new Map<string, Asked>();
  private readonly inbox = `${createInbox()}.`;
  private last = 0;

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
  ask(subject: string, body: string, { timeoutMs, headers }: AskOptions): Promise<Msg> {
    return new Promise((resolve, reject) => {
      this.last += 1;
      const token = this.last.toString(36);
      this.connection.publish(subject, body, { reply: this.inbox + token, ...(headers ? { headers } : {}) });
      const timer = after('request-mux.timeout', timeoutMs, () => {
        this.asked.delete(token);
        reject(new TimeoutError());
      });
      this.asked.set(token, { subject, timer, resolve, reject });
    });
  }

  private settle(reply: Msg): void {
    const token = reply.subject.slice(this.inbox.length);
    const asked = this.asked.get(token);
    if (!asked) return;
    clearTimeout(asked.timer);
    this.asked.delete(token);
    if (reply.headers?.code === noResponders && reply.data.length === 0) asked.reject(new NoRespondersError(asked.subject));
    else asked.resolve(reply);
  }

  private giveUp(error: Error): void {
    for (const { timer, reject } of this.asked.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.asked.clear();
  }
}
