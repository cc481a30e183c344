import type { ColumnsPart } from './job-columns.js';

/** An hour of the history that is laid down column by column, as of one version of it. */
export interface LaidHour {
  /** Epoch milliseconds of its start. */
  hour: number;
  version: number;
}

/** An hour that is laid down whole. */
export interface WholeHour extends LaidHour {
  parts: number;
  /** Of its parts together. */
  bytes: number;
}

/** Hours of the history, laid down column by column beside its pages, so that sums over many jobs read little. */
export abstract class HourColumns {
  /** Jobs of these hours are about to change: what was laid down of them is of no use from now on. */
  abstract markChanged(hours: readonly number[]): Promise<void>;
  /** Removes what was laid down of hours in which jobs were deleted: nothing may be left of these. */
  abstract discard(hours: readonly number[]): Promise<void>;
  /** Hours within a time that are laid down as they are, in their order. */
  abstract laid(from: number, before: number): Promise<WholeHour[]>;
  /** The parts of hours, by hour. Those of which some have gone meanwhile are left out. */
  abstract read(hours: readonly WholeHour[]): Promise<Map<number, ColumnsPart[]>>;
  /** Hours that were announced to change, and have settled by a time; the first ones. */
  abstract stale(settledBefore: number, most: number): Promise<number[]>;
  /** Whether an hour is to be laid down: it is not, as it is, and whatever change of it was announced has settled by a time. */
  abstract isToLay(hour: number, settledBefore: number): Promise<boolean>;
  /** The version that an hour has now. */
  abstract begin(hour: number): Promise<LaidHour>;
  abstract putPart(hour: LaidHour, part: number, bytes: Buffer): Promise<void>;
  /** From now on the hour is laid down, unless it has changed since it was begun. Gives whether it is. */
  abstract complete(hour: LaidHour, size: Pick<WholeHour, 'parts' | 'bytes'>): Promise<boolean>;
  /** Removes what nobody reads any more: older versions, and hours before a time. */
  abstract sweep(retiredBefore: number, firstHour: number): Promise<void>;
}
