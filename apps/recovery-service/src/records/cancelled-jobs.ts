/** The jobs that were cancelled, so that a failure which comes after that is not retried. */
export abstract class CancelledJobs {
  abstract add(jobIds: readonly string[], now: Date): Promise<void>;
  /** Those of the given jobs that were cancelled. */
  abstract among(jobIds: readonly string[]): Promise<Set<string>>;
}
