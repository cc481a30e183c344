import { giveBack } from '@kintsugi/boundary';
import type { NatsConnection } from '@nats-io/nats-core';
import { eachParser } from './each-parser.js';

/**
 * Reads the body of a long message into memory that is as large as it, and its alone: whoever is done with the message may give it back. The
 * client library has the memory grow with what comes, into three times as much, and leaves that and all that was read to be collected.
 * Where megabytes come in each second, the whole heap is looked through several times for it.
 */
export function makeRoomForLongMessages(connection: NatsConnection): void {
  eachParser(connection, (parser) => {
    const parse = parser.parse.bind(parser);
    parser.parse = (received) => {
      const before = parser.msgBuf;
      parse(received);
      const { msgBuf: begun, ma: { size } = { size: 0 } } = parser;
      if (!begun) return;
      // It has gone into the body as a whole.
      if (begun === before) return giveBack(received);
      const short = begun._buf;
      if (short.buffer.byteLength >= size) return;
      const whole = Buffer.allocUnsafeSlow(size);
      whole.set(short);
      begun._buf = new Uint8Array(whole.buffer, 0, short.length);
      giveBack(short);
    };
  });
}
