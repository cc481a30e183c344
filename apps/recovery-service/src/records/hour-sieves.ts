/** Sieves of the texts of hours, beside what is laid down of them, so that a search reads only records that may match. */
export abstract class HourSieves {
  abstract prepare(): Promise<void>;
  /**
   * Lays down the sieve of an hour as its records are since a version of it; one that has changed meanwhile gets none, and neither
   * does one whose records were all closed by a time.
   */
  abstract lay(hour: number, changed: string, closedBy: number): Promise<void>;
  /** Forgets all of them. */
  abstract clear(): Promise<void>;
}
