import type { InexactNumbers, Problem } from '@kintsugi/contracts';

/** The tasks of a body that are to be checked. Its bytes go to the thread, and come back with the report. */
export interface CheckOrder {
  body: Uint8Array<ArrayBuffer>;
  places: readonly number[];
  path: string;
  numbers: InexactNumbers;
  /** Whether the fingerprint of the tasks is asked for. */
  fingerprinted: boolean;
}

/** What became of an order. */
export type CheckReport = { body: Uint8Array<ArrayBuffer>; fingerprint: string } | { problem: Problem };
