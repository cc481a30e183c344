import type { JobRow } from './job-row.js';

export const hourMs = 3_600_000;

/** An hour is laid down once it has been over for so long: by then most of its jobs have ended. */
const settledMs = 2 * hourMs;

/** A change of an hour that may be laid down already is told. Clocks of two hosts may differ by as much as this falls short. */
const markedMs = hourMs;

/** After a change was announced, an hour is not laid down for so long: the change is made by then. */
export const changeSettlesMs = 300_000;

/** Columns that are no longer of use are kept for whoever reads them. */
export const readingMsMax = 600_000;

export function hourOf(time: number): number {
  return Math.floor(time / hourMs) * hourMs;
}

/** The end of the hours that may be laid down. */
export function settledBefore(now: number): number {
  return hourOf(now - settledMs);
}

/** The first hour of which no job can have been forgotten for its age. */
export function firstWholeHour(now: number, retentionMs: number): number {
  return hourOf(now - retentionMs) + hourMs;
}

/** The hours of jobs that may be laid down already. */
export function hoursToMark(rows: readonly (JobRow | undefined)[], now: number): number[] {
  const before = hourOf(now - markedMs);
  const hours = rows.flatMap((row) => (row?.head ? hourOf(row.head.created_at) : []));
  return [...new Set(hours)].filter((hour) => hour < before);
}
