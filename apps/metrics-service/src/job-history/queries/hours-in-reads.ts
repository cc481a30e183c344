import type { WholeHour } from '../domain/hour-columns.js';

/** Hours that are read at once, and the bytes after which no more are. The first reads are of few: who looks for some jobs may soon have them. */
const hoursAtOnce = 64;
const bytesAtOnce = 16_000_000;

/** Hours, in the order in which they are given, by what of them is read at once. */
export function inReads(hours: readonly WholeHour[]): WholeHour[][] {
  const reads: WholeHour[][] = [];
  let bytes = 0;
  for (const hour of hours) {
    const last = reads.at(-1);
    if (last && last.length < Math.min(hoursAtOnce, 2 ** (reads.length - 1)) && bytes + hour.bytes <= bytesAtOnce) {
      last.push(hour);
      bytes += hour.bytes;
    } else {
      reads.push([hour]);
      bytes = hour.bytes;
    }
  }
  return reads;
}
