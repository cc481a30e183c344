import type { FailureColumns } from './domain/failure-columns.js';

/** What is laid down of an hour, part by part; null of one that has to be read record by record. */
export interface KnownHour {
  hour: number;
  parts: AsyncIterable<FailureColumns> | null;
}

/** How far hours are laid down, since it was begun with the first. */
export interface Reach {
  begun: string;
  /** Each hour before is laid down, or announced as changed, or has no records and is not known. */
  before: number;
}

/** Hours of failures, laid down in columns. An hour holds for as long as no change of its records is announced. */
export abstract class LaidHours {
  /**
   * Where records were kept for another time, what is laid down holds some that are gone, though by now they would be kept.
   * @returns whether all of it was removed
   */
  abstract prepare(): Promise<boolean>;
  /** The clock that all replicas share, in epoch milliseconds. */
  abstract now(): Promise<number>;
  /** Null where nothing was ever laid down. */
  abstract reached(): Promise<Reach | null>;
  /** Begins with the first hour, unless somebody has. */
  abstract start(): Promise<Reach | null>;
  /** Null where somebody else has moved it, or begun anew. */
  abstract reach(from: Reach, to: number): Promise<Reach | null>;
  /** Hours that something is known of, in order, from one on and before another. */
  abstract between(from: number, before: number): AsyncGenerator<KnownHour, void, undefined>;
  /** Hours to be laid down anew: such as have changed, and such as hold records that were forgotten some time ago. */
  abstract stale(reached: number, forgottenBefore: number): Promise<number[]>;
  /** What an hour has to be laid down under; null for one that is being changed, or was a moment ago. */
  abstract begin(hour: number): Promise<string | null>;
  /**
   * Lays an hour down as it is read since it was begun; one that has changed meanwhile stays as it is. One with too many records
   * is read record by record, and not looked at again for a day.
   */
  abstract lay(hour: number, changed: string, parts: AsyncIterable<FailureColumns>): Promise<void>;
  /** Whether a period has hours with too many records to be laid down. */
  abstract hasLargeHour(from: number, before: number): Promise<boolean>;
}
