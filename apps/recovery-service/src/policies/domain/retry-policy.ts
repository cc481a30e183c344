import {
  limits,
  matchesErrorType,
  type Jitter,
  type RetryCondition,
  type RetryConfig,
  type RetryRule,
  type RetrySettings,
} from '@kintsugi/contracts';

/** How one failure is retried, after all who have a say were heard. */
export interface RetryPolicy {
  /** Runs, the first included. */
  max_attempts: number;
  initial_delay: number;
  max_delay: number;
  backoff_factor: number;
  jitter: Jitter;
  /** Seconds that a failure may ask to wait at most. */
  max_retry_after: number;
  /** The first whose conditions hold decides. */
  rules: readonly RetryRule[];
  retry_conditions: readonly RetryCondition[];
  /** Error types that the job retries; empty means all that can be retried. */
  retry_on_errors: readonly string[];
  /** Somebody has named this very error type as one to retry: that goes before the class of the failure rules. */
  namesType: boolean;
  /** Who said so, for the record. */
  source: string;
}

/** The config for an error type: the one of that very type, else the longest prefix with a star, else none. */
export function configFor<Config extends RetryConfig>(configs: readonly Config[], errorType: string): Config | null {
  const matching = configs.filter((config) => matchesErrorType(config.error_type, errorType));
  const exact = matching.find((config) => config.error_type === errorType);
  if (exact) return exact;
  return matching.reduce<Config | null>(
    (longest, config) => (longest && longest.error_type.length >= config.error_type.length ? longest : config),
    null,
  );
}

/** What holds where nothing was set. */
export interface PolicyFallback {
  config: RetryConfig;
  jitter: Jitter;
}

/** The job's own settings go before the config of the error type, and that before the default. */
export function policyFor(
  errorType: string,
  job: RetrySettings | null,
  configs: readonly RetryConfig[],
  fallback: PolicyFallback,
): RetryPolicy {
  const found = configFor(configs, errorType);
  const config = found ?? fallback.config;
  const initialDelay = job?.retry_interval ?? config.initial_delay;
  return {
    max_attempts: job?.max_attempts ?? config.max_attempts,
    initial_delay: initialDelay,
    // A job that asks for a longer first wait than the config allows gets it: its own word goes before.
    max_delay: Math.max(config.max_delay, initialDelay),
    backoff_factor: config.backoff_factor,
    jitter: config.jitter ?? fallback.jitter,
    max_retry_after: config.max_retry_after ?? limits.retryDelaySeconds,
    rules: config.rules ?? [],
    retry_conditions: config.retry_conditions,
    retry_on_errors: job?.retry_on_errors ?? [],
    namesType: config.error_type === errorType || (job?.retry_on_errors.includes(errorType) ?? false),
    source: [job ? 'the job' : null, found ? found.error_type : 'the default'].filter((source) => source !== null).join(' and '),
  };
}
