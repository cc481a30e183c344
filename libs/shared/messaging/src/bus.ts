import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { NoRespondersError, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { guarded, inBackground } from '@kintsugi/boundary';
import { firstConnection, type FirstConnectionOptions } from './first-connection.js';
import { guardConnection, withReadableHeaders } from './guard-connection.js';
import { guardPings } from './guard-pings.js';
import { headersOf } from './message-headers.js';
import { makeRoomForLongMessages } from './room-for-long-messages.js';
import { connectionOptionsOf, type NatsLogin } from './nats-login.js';
import type { Origin } from './origin.js';
import { RequestMux, type AskOptions } from './request-mux.js';
import { requestsIn, type Reply } from './shared-request.js';

export interface BusOptions extends FirstConnectionOptions {
  /** One or more `nats://user:password@host:port`, comma separated; user and password are the same for each, or left out. */
  servers: string;
  /** Shown in the server's connection list. */
  name: string;
  /** Beside a user in `servers`. */
  login?: NatsLogin;
  /** Of each stream that this process makes. One that exists keeps what it has. */
  streamReplicas?: number;
}

export type BusState = 'up' | 'down';

type StateListener = (state: BusState) => void;

/**
 * One connection to NATS. It reconnects for ever and says when it is down, so that nobody mistakes the silence
 * of a cut connection for the silence of a dead worker.
 */
export class Bus {
  readonly js: JetStreamClient;
  private readonly requests: RequestMux;
  private readonly listeners = new Set<StateListener>();
  private currentState: BusState = 'up';

  private constructor(
    readonly connection: NatsConnection,
    private readonly options: BusOptions,
  ) {
    guardConnection(connection);
    guardPings(connection);
    makeRoomForLongMessages(connection);
    this.js = jetstream(connection);
    this.requests = new RequestMux(connection);
    inBackground('bus.watch', () => this.watch());
  }

  /** Waits for the first connection as long as it takes; a refusal of our credentials is an error at once. */
  static async connect(options: BusOptions): Promise<Bus> {
    const settings: NodeConnectionOptions = {
      ...connectionOptionsOf(options.servers, options.login ?? {}),
      name: options.name,
      // Stack captures for every request double its cost.
      noAsyncTraces: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
      reconnectJitter: 100,
      pingInterval: 2_000,
      maxPingOut: 2,
    };
    return new Bus(await firstConnection(settings, options), options);
  }

  /**
   * One more connection, for what may come in faster than it is read: a server cuts a connection whose reader falls
   * behind, and whatever else goes over it with it.
   */
  beside(purpose: string, options: FirstConnectionOptions = {}): Promise<Bus> {
    return Bus.connect({ ...this.options, name: `${this.options.name} ${purpose}`, ...options });
  }

  get streamReplicas(): number {
    return this.options.streamReplicas ?? 1;
  }

  get state(): BusState {
    return this.currentState;
  }

  /** Bytes of a message, headers included, that the server takes at most. */
  get messageBytesMax(): number {
    return this.connection.info?.max_payload ?? 0;
  }

  /** Another one once the server was started anew, or another one of its cluster is spoken to. */
  get serverId(): string {
    return this.connection.info?.server_id ?? '';
  }

  /** The address of this process, as the server sees it. */
  get ownAddress(): string | undefined {
    return this.connection.info?.client_ip;
  }

  /** Returns how to stop listening. */
  onState(listener: StateListener): () => void {
    const listening = guarded('bus.state', listener);
    this.listeners.add(listening);
    return () => {
      this.listeners.delete(listening);
    };
  }

  publish(subject: string, body: string | Uint8Array, options: { reply?: string; headers?: Record<string, string> } = {}): void {
    this.connection.publish(subject, body, {
      ...(options.reply ? { reply: options.reply } : {}),
      ...(options.headers ? { headers: headersOf(options.headers) } : {}),
    });
  }

  /**
   * A message whose handling throws, or rejects, is dropped: nobody else suffers from it. One that holds several requests is handled
   * as if they had come by themselves.
   */
  subscribe(subject: string, onMessage: (message: Msg) => unknown, options: { queue?: string } = {}): Subscription {
    const handle = guarded(kindOf(subject), onMessage);
    return this.connection.subscribe(subject, {
      ...(options.queue ? { queue: options.queue } : {}),
      callback: (error, message) => {
        if (error) return;
        const requests = requestsIn(withReadableHeaders(message));
        if (requests) for (const request of requests) handle(request);
        else handle(message);
      },
    });
  }

  /** The first reply to a request. Rejects with a NoRespondersError when nobody listens, with a TimeoutError when it takes too long. */
  ask(subject: string, body: string | Uint8Array, options: AskOptions): Promise<Msg> {
    return this.requests.ask(subject, body, options);
  }

  /** The same, in one message with all that ask on the subject in this moment. */
  askTogether(subject: string, body: string, origin: Origin, options: AskOptions): Promise<Reply> {
    return this.requests.askTogether(subject, body, origin, options);
  }

  /** Whether anybody listens on a subject: the server knows at once when a process and its connection are gone. */
  async hasListener(subject: string, timeoutMs: number): Promise<boolean> {
    try {
      await this.ask(subject, '', { timeoutMs });
      return true;
    } catch (error) {
      return !(error instanceof NoRespondersError);
    }
  }

  /** Resolves once the server has taken all that was sent; at once while it is away, since it is told all again when it is back. */
  async flush(): Promise<void> {
    if (this.currentState === 'up') await this.connection.flush().catch(() => undefined);
  }

  /** Whether what is sent still comes back. While the server is away it is: the connection is made anew by itself. */
  async hearsItself(timeoutMs: number): Promise<boolean> {
    if (this.currentState === 'down' || this.connection.isClosed()) return true;
    const silence = new Promise<boolean>((resolve) => setTimeout(resolve, timeoutMs, false));
    const answer = this.connection.flush().then(
      () => true,
      () => true,
    );
    return (await Promise.race([answer, silence])) || this.state === 'down';
  }

  async manager(): Promise<JetStreamManager> {
    return jetstreamManager(this.connection, { checkAPI: false });
  }

  /** Lets what was published go out, then closes. */
  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    // There is nobody to drain to while the broker is away, and one that goes away meanwhile has drained nothing.
    if (this.currentState === 'down') return this.connection.close();
    await Promise.race([this.connection.drain(), this.connection.closed()]).catch(() => this.connection.close());
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') this.change('down');
      else if (status.type === 'reconnect') this.change('up');
    }
    this.change('down');
  }

  private change(state: BusState): void {
    if (state === this.currentState) return;
    this.currentState = state;
    if (state === 'up') this.requests.noteReconnected();
    for (const listener of this.listeners) listener(state);
  }
}

/** The beginning of a subject, which names no worker and no inbox. */
function kindOf(subject: string): string {
  const [first = '', second = ''] = subject.split('.', 2);
  return first === '_INBOX' ? 'message to an inbox' : `message on ${first}.${second}`;
}
