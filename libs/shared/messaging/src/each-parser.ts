import type { NatsConnection } from '@nats-io/nats-core';

/** What cuts what is read of a connection into messages, as the client library has it inside. */
export interface Parser {
  parse(received: Uint8Array): void;
  /** What is there of a message that is longer than what was read at once. */
  msgBuf?: { _buf: Uint8Array; length: number };
  /** Of the message that is read, `size` being the bytes of its body. */
  ma?: { size: number };
}

interface Parsed {
  protocol: {
    /** Another one after `resetOutbound`, which comes before each connection. */
    parser: Parser;
    resetOutbound(): void;
  };
}

/** Calls for the parser of a connection, and for that of each later one to a server. */
export function eachParser(connection: NatsConnection, change: (parser: Parser) => void): void {
  const { protocol } = connection as unknown as Parsed;
  const reset = protocol.resetOutbound.bind(protocol);
  protocol.resetOutbound = () => {
    reset();
    change(protocol.parser);
  };
  change(protocol.parser);
}
