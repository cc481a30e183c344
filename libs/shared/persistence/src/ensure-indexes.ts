import { types } from 'node:util';
import type { BulkWriteResult, IndexDescription } from 'mongodb';
import type { Store } from './store.js';

export interface IndexDefinition {
  collection: string;
  keys: IndexDescription['key'];
  options?: Omit<IndexDescription, 'key'>;
}

/**
 * Makes the indexes a service needs; those that exist are left alone. Repeats while the store is away. It is asked at every
 * start, before anything is answered: once for each collection, at the same time.
 */
export async function ensureIndexes(store: Store, definitions: readonly IndexDefinition[]): Promise<void> {
  const byCollection = Map.groupBy(definitions, ({ collection }) => collection);
  await Promise.all(
    [...byCollection].map(([collection, indexes]) => {
      const wanted = indexes.map(({ keys, options }) => ({ key: keys, ...options }));
      return untilReachable(() => store.collection(collection).createIndexes(wanted));
    }),
  );
}

/**
 * Repeats an operation while the database is away; any other error is thrown.
 * @param signal ends the repeating
 */
export async function untilReachable<Result>(operation: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (signal?.aborted || !isUnreachable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Whether an error says that the database is away or changing its primary, and not that the operation was wrong. */
export function isUnreachable(error: unknown): boolean {
  // What a socket throws may be of another realm, where `instanceof` says no.
  if (!types.isNativeError(error)) return false;
  if (
    /^Mongo(Network|NetworkTimeout|ServerSelection|NotConnected|TopologyClosed|PoolCleared|PoolClosed|Expired|OperationTimeout)/.test(
      error.name,
    )
  ) {
    return true;
  }
  const { code, errorResponse, hasErrorLabel, result } = error as DriverError;
  // A bulk write gives every failure its own name, also that of the connection under it.
  if (errorResponse !== error && isUnreachable(errorResponse)) return true;
  if (typeof code === 'string') return brokenSocketCodes.has(code);
  const hasPassingCode = [code, ...codesIn(result)].some((one) => passingCodes.has(one));
  return hasPassingCode || hasErrorLabel?.call(error, 'RetryableWriteError') === true;
}

interface DriverError extends Error {
  code?: unknown;
  errorResponse?: unknown;
  hasErrorLabel?: (label: string) => boolean;
  result?: Partial<BulkWriteResult>;
}

/** The codes of all that failed of a bulk write: its error has that of one fault only. */
function codesIn(result: DriverError['result']): unknown[] {
  const faults = [result?.getWriteConcernError?.(), ...(result?.getWriteErrors?.() ?? [])];
  return faults.map((fault) => fault?.code);
}

/** What the driver lets through as it is when it writes to a socket that the server has just left. */
const brokenSocketCodes = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'ENOTCONN', 'ETIMEDOUT']);

/** Shutting down, stepping down, not primary, interrupted by either: server codes that pass with an election. */
const passingCodes = new Set<unknown>([6, 7, 64, 89, 91, 112, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436]);
