import type { NatsConnection } from '@nats-io/nats-core';
import { eachParser } from './each-parser.js';

/** What pings ask of a connection. */
interface Pinged {
  flush(answered: unknown): Promise<void>;
  disconnect(): void;
  dispatchStatus(status: unknown): void;
}

/** What pings the server, as the client library has it inside. */
interface Pinging {
  protocol: Pinged & {
    heartbeats: { ph: Pinged; start(): void };
  };
}

/**
 * Has pings judge a connection by all that is read of it. The client library cuts one whose pings have no answer in time; but
 * where more lies in the socket than a busy process could read yet, the answers stand behind it.
 */
export function guardPings(connection: NatsConnection): void {
  const { protocol } = connection as unknown as Pinging;
  const { heartbeats } = protocol;
  let hasReadSincePing = false;
  eachParser(connection, (parser) => {
    const parse = parser.parse.bind(parser);
    parser.parse = (received) => {
      hasReadSincePing = true;
      parse(received);
    };
  });
  heartbeats.ph = {
    dispatchStatus: (status) => protocol.dispatchStatus(status),
    flush: (answered) => {
      hasReadSincePing = false;
      return protocol.flush(answered);
    },
    disconnect: () => {
      if (hasReadSincePing) heartbeats.start();
      else protocol.disconnect();
    },
  };
}
