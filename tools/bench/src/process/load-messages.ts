import type { Tally } from '../domain/exactness.js';
import type { SystemName, WorkerProfile } from '../domain/systems.js';
import type { Lane } from '../domain/task-payload.js';
import type { HttpSubmission } from '../load/http-load.js';
import type { Address, Submission } from '../system/system-under-test.js';

/** What a load process is told on its command line, as JSON. */
export interface LoadSettings {
  system: SystemName;
  address: Address;
  /** Of a worker process. */
  lanes: Lane[];
  profile: WorkerProfile;
  concurrency: number;
  /** Whether held tasks are held, or finished at once by one that takes over. */
  holds: boolean;
}

/** What the benchmark can ask of a producer process. */
export interface ProducerCalls {
  bulk(order: { lane: Lane; count: number }): Submission;
  singles(order: { lane: Lane; count: number; window: number }): Submission;
  /** The same by HTTP, over so many connections with one request under way on each. */
  http(order: { lane: Lane; count: number; connections: number }): HttpSubmission;
  /** One at a time, with a pause of `pauseMsMin` to `pauseMsMax` after each. */
  probes(order: { lane: Lane; count: number; pauseMsMin: number; pauseMsMax: number }): Submission;
  /** A single task of a given number. */
  one(order: { lane: Lane; n: number }): Submission;
  close(order: Record<string, never>): boolean;
}

/** What the benchmark can ask of a worker process. */
export interface WorkerCalls {
  /** Begins a new count: tasks 0 to count - 1 are to come. */
  expect(order: { count: number }): boolean;
  tally(order: Record<string, never>): WorkerTally;
  close(order: Record<string, never>): boolean;
}

export interface WorkerTally {
  tally: Tally;
  firstStartMs: number;
  /** From submission to the start of the handler, by task in the order of their starts; of the newest tasks only. */
  latenciesMs: number[];
  /** Of lanes that are only counted, since the count began. */
  starts: Partial<Record<Lane, LaneStarts>>;
}

export interface LaneStarts {
  started: number;
  firstMs: number;
  lastMs: number;
}

/** What a worker process says by itself. */
export type WorkerNotice =
  | { kind: 'ready' }
  /** Every expected task has run. */
  | { kind: 'all_ran'; atMs: number }
  /** A task of the holding lane has started. */
  | { kind: 'held'; n: number; atMs: number };

export interface CallMessage {
  call: number;
  method: string;
  order: unknown;
}

export type ReplyMessage = { reply: number; result: unknown } | { reply: number; error: string };
