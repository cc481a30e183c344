declare module 'mongodb/lib/cmap/connection.js' {
  import type { Socket } from 'node:net';

  /** What the driver makes of a socket; its options name a class of one's own as `connectionType`. */
  export class Connection {
    constructor(socket: Socket, options: object);
    command(namespace: { db: string }, command: Record<string, unknown>, ...rest: unknown[]): Promise<unknown>;
  }
}

declare module 'mongodb/lib/bulk/common.js' {
  import type { BulkWriteResult as Result, WriteError as Fault } from 'mongodb';

  /** What the driver builds the error of a bulk write of; the package itself gives their types only. */
  export const BulkWriteResult: new (result: object, isOrdered: boolean) => Result;
  export const WriteError: new (fault: object) => Fault;
  export const WriteConcernError: new (fault: { code: number; errmsg: string }) => object;
}
