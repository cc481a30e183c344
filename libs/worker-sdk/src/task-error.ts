/** What a failure is called and what may follow from it. */
export interface FailureDetails {
  /** Groups failures and chooses their retry policy, such as `smtp.451`. */
  error_type: string;
  /** Another try cannot help. */
  non_retryable?: boolean;
  /** Milliseconds after which another try makes sense; it wins over the policy's delay. */
  retry_after_ms?: number;
  /** What the handler could not do without, such as `mail` or the host of a service: it is told with the failure. */
  dependency?: string;
  /** JSON that is kept as what the failed run gave, as the result of a run that succeeds is. */
  result?: unknown;
}

const marker = Symbol.for('kintsugi.task-error');

/** A failure of a task whose kind the handler knows. Any other error is mapped to a kind by its code or name. */
export class TaskError extends Error {
  readonly [marker] = true;

  constructor(
    message: string,
    readonly details: FailureDetails,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TaskError';
  }

  /** True also for an error made by another copy of this package. */
  static is(error: unknown): error is TaskError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}

/** A failure that another try cannot mend. */
export class NonRetryable extends TaskError {
  constructor(message: string, details: Partial<FailureDetails> = {}, options?: ErrorOptions) {
    super(message, { ...details, error_type: details.error_type ?? 'task.non_retryable', non_retryable: true }, options);
    this.name = 'NonRetryable';
  }
}

/** A failure after which the other side has said when to come back. */
export class RetryAfter extends TaskError {
  constructor(message: string, details: Partial<FailureDetails> & { retry_after_ms: number }, options?: ErrorOptions) {
    super(message, { ...details, error_type: details.error_type ?? 'task.retry_after' }, options);
    this.name = 'RetryAfter';
  }
}
