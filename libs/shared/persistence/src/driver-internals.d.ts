declare module 'mongodb/lib/cmap/connection.js' {
  import type { Socket } from 'node:net';

  /** What the driver makes of a socket; its options name a class of one's own as `connectionType`. */
  export class Connection {
    constructor(socket: Socket, options: object);
    command(namespace: { db: string }, command: Record<string, unknown>, ...rest: unknown[]): Promise<unknown>;
  }
}
