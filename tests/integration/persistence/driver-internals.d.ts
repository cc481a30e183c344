declare module 'mongodb/lib/bulk/common.js' {
  import type { BulkWriteResult as Result, WriteError as Fault } from 'mongodb';

  /** What the driver builds the error of a bulk write of; the package itself gives their types only. */
  export const BulkWriteResult: new (result: object, isOrdered: boolean) => Result;
  export const WriteError: new (fault: object) => Fault;
  export const WriteConcernError: new (fault: { code: number; errmsg: string }) => object;
}
