import type { LogFilter } from './domain/log-filter.js';
import type { BlockHead, BlockKey, LogBlock, LogSize } from './domain/log-block.js';

export interface BlockQuery {
  log: string;
  /** From this block on. */
  from?: BlockKey | undefined;
  filter: LogFilter;
  newestFirst?: boolean;
}

/** How much is kept in all. */
export interface LogTotals {
  logs: number;
  storedBytes: number;
}

/** Keeps the lines of logs in blocks. */
export abstract class LogStore {
  /** Blocks come in the order of their keys, and are seen in it. Gives how many came packed and were no such lines: nobody could read them. */
  abstract add(blocks: readonly LogBlock[]): Promise<number>;

  /** Whether the blocks of a batch are among those of a log. */
  abstract holds(log: string, from: string): Promise<boolean>;

  /** Blocks that may hold a line that is wanted. */
  abstract read(query: BlockQuery): AsyncIterable<LogBlock>;

  /** The heads of those blocks alone. */
  abstract outline(query: Pick<BlockQuery, 'log' | 'filter'>): Promise<BlockHead[]>;

  /** Of those logs that there are. */
  abstract sizes(logs: readonly string[]): Promise<Map<string, LogSize>>;

  /** Removes all that deleted jobs have written, and what of it comes in later. */
  abstract forget(jobIds: readonly string[]): Promise<void>;

  /** Removes what of new blocks is of deleted jobs, which came in after those were forgotten. Nothing else of their logs is looked at. */
  abstract dropForgotten(blocks: readonly LogBlock[]): Promise<void>;

  /** Logs by the time of their last line, the oldest first; of those with one before a time, where one is given. */
  abstract oldest(before?: Date): AsyncIterable<{ log: string; size: LogSize }>;

  abstract remove(log: string): Promise<void>;

  abstract totals(): Promise<LogTotals>;
}
