/** The time by which slots are allocated and healed, in epoch milliseconds. */
export abstract class Clock {
  abstract now(): number;
}
