/** Hours of failures, by when tasks failed last; what analyses read of them is laid down once they are over. */

export const hourMs = 3_600_000;

/**
 * An hour that has been over for as long is announced with each change of its records. It is laid down twice as late: clocks of
 * two hosts do not differ by so much, and no write takes so long.
 */
const announcedAfterMs = 1_800_000;
export const laidAfterMs = 2 * announcedAfterMs;

/** How long an hour was left alone before it is laid down: a change that was announced is made by then, or never. */
export const quietMs = 120_000;
/** No change that is announced once may take longer. */
export const changeMsMax = quietMs / 4;

export function hourOf(time: number): number {
  return Math.floor(time / hourMs) * hourMs;
}

/** The hours of some times of which something may be laid down. */
export function announcedHours(times: Iterable<string>, now: number): number[] {
  const last = now - announcedAfterMs - hourMs;
  return [...new Set(Array.from(times, (time) => hourOf(Date.parse(time))))].filter((hour) => hour <= last);
}
