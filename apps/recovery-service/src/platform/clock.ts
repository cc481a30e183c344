/** The time by which retries and commands are due, in epoch milliseconds. */
export abstract class Clock {
  abstract now(): number;
}
