import { headers, type Msg, type NatsConnection } from '@nats-io/nats-core';
import { guarded } from '@kintsugi/boundary';

/** What reads the connection, as the client library has it inside. */
interface Reader {
  protocol: { processMsg(head: unknown, data: Uint8Array): void };
}

/**
 * Gives the reader of a connection a boundary. The client library calls all that listen, its own parts included, from the
 * loop that reads the socket: one message at which anything throws would end that loop, and leave a process that is
 * connected, beats no more and hears nothing for ever.
 */
export function guardConnection(connection: NatsConnection): void {
  const { protocol } = connection as unknown as Reader;
  protocol.processMsg = guarded('nats.reader', protocol.processMsg.bind(protocol));
}

/** The same message; without headers where what it has for them cannot be read, which the client library says by throwing. */
export function withReadableHeaders<Message extends Pick<Msg, 'headers'>>(message: Message): Message {
  try {
    void message.headers;
    return message;
  } catch {
    return Object.defineProperty(message, 'headers', { value: headers() });
  }
}
