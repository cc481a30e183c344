/** The jobs that were cancelled, so that a failure which comes after that is not retried. */
export abstract class CancelledJobs {
  abstract add(jobIds: readonly string[], now: Date): Promise<void>;
  /** Deleted jobs are cancelled ones of which not even a late failure is recorded. */
  abstract addDeleted(jobIds: readonly string[], now: Date): Promise<void>;
  /** Those of the given jobs that were cancelled or deleted. */
  abstract among(jobIds: readonly string[]): Promise<ReadonlyMap<string, 'cancelled' | 'deleted'>>;
}
