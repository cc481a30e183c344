import type { Socket } from 'node:net';
import { giveBack, guarded, soon } from '@kintsugi/boundary';
import { MongoNetworkError } from 'mongodb';
import { Connection } from 'mongodb/lib/cmap/connection.js';
import { inSpan, tracing, type SpanStart } from '@kintsugi/tracing';

/** Of fewer bytes it is not worth it. */
const longBytes = 64 * 1024;

/**
 * A connection of the driver whose commands are spans of the traces that they are a part of, and that tells who waits to write that its socket is gone. Up to 7.9 the driver waits for `drain` or
 * `error`, and a socket that the server has closed brings neither: the operation never ended, and all that waited for it.
 */
export class ToldConnection extends Connection {
  constructor(socket: Socket, options: object) {
    super(socket, options);
    const tell = (): void => {
      if (!socket.destroyed || socket.listenerCount('drain') === 0) return;
      socket.emit('error', new MongoNetworkError('The connection was closed before all was written.'));
    };
    socket.once('close', guarded('mongo.closed', tell));
    const onListener = guarded('mongo.listener', (event: string | symbol) => {
      if (event === 'drain' && socket.destroyed) soon('mongo.closed', tell);
    });
    socket.on('newListener', onListener);
    giveBackWritten(socket);
  }

  /** The driver's own events of commands would have every answer read a second time, traced or not. */
  override command(namespace: { db: string }, command: Record<string, unknown>, ...rest: unknown[]): Promise<unknown> {
    const span = tracing()?.begin(() => spanOf(namespace.db, command));
    return inSpan(span, () => super.command(namespace, command, ...rest));
  }
}

/** The driver makes the bytes of each command for its socket alone, and leaves them to be collected, with a look through the whole heap where they are many. */
function giveBackWritten(socket: Socket): void {
  const write = socket.write.bind(socket) as (bytes: Uint8Array, done?: (error?: Error | null) => void) => boolean;
  socket.write = (bytes: Uint8Array) => {
    if (bytes.length < longBytes) return write(bytes);
    return write(bytes, (error) => {
      if (!error) giveBack(bytes);
    });
  };
}

/** Which command of which collection it is, and nothing that it says. */
function spanOf(database: string, command: Record<string, unknown>): SpanStart {
  const [operation = '', about] = Object.entries(command)[0] ?? [];
  const named = operation === 'getMore' ? command['collection'] : about;
  const collection = typeof named === 'string' ? named : '';
  return {
    name: collection ? `${operation} ${collection}` : operation,
    kind: 'client',
    attributes: {
      'db.system.name': 'mongodb',
      'db.namespace': database,
      'db.operation.name': operation,
      ...(collection ? { 'db.collection.name': collection } : {}),
    },
  };
}
