import type { ServerExit } from '@kintsugi/servers';

/** One program that can be started again and again, and tells of each end. */
export interface Runnable {
  readonly name: string;
  /** Undefined while it isn't running. */
  readonly pid: number | undefined;
  /** Resolves when it runs, for a server when it does its work; rejects, with nothing left running, when it can't. */
  start(): Promise<void>;
  /** Asks it to end in order, and kills it when it does not in time. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Tells of each sign of life that it gives, once it gives any. */
  onSign(listener: () => void): void;
  onExit(listener: (exit: ServerExit) => void): () => void;
}

export type { ServerExit };
