export interface DueRetry {
  _id: string;
  task_id: string;
  /** When it failed last. */
  timestamp: string;
  attempt: number;
  next_retry_at: string;
}

/**
 * The durable timers of retries. A timer is the field `next_retry_at` of the record that it belongs to: what one write
 * makes and one write ends can neither be lost nor exist twice.
 */
export abstract class RetryTimers {
  /** Retries whose time has come, the longest overdue first. */
  abstract due(now: string, limit: number): Promise<DueRetry[]>;
  /** When the next retry is due, or null. */
  abstract nextDueAt(): Promise<string | null>;
  /** Ends the timers of retries that were ordered. One that was set anew in the meantime stays. */
  abstract markStarted(retries: readonly DueRetry[], now: string, resendAt: string): Promise<void>;
}
