import type { RetryConfig } from '@kintsugi/contracts';

/** Configs that there may be: all of them are read for each group of failures. */
export const retryConfigsMax = 500;

/**
 * The retry configs set by error type. They are read anew for each group of failures, so that a change holds from the
 * next failure on for every replica; a cache would have to be told.
 */
export interface RetryConfigs {
  /** By error type. */
  all(): Promise<RetryConfig[]>;
  count(): Promise<number>;
  has(errorType: string): Promise<boolean>;
  /** Gives whether a config of the error type was replaced. */
  save(config: RetryConfig): Promise<boolean>;
  /** Gives whether there was one. */
  remove(errorType: string): Promise<boolean>;
}
