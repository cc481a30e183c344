import type { Socket } from 'node:net';
import { guarded, soon } from '@kintsugi/boundary';
import { MongoNetworkError } from 'mongodb';
import { Connection } from 'mongodb/lib/cmap/connection.js';

/**
 * A connection of the driver that tells who waits to write that its socket is gone. Up to 7.9 the driver waits for `drain` or
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
  }
}
