import type { RetryConfig } from '@kintsugi/contracts';

/** Configs that there may be: all of them are read for each group of failures. */
export const retryConfigsMax = 500;

/**
 * The retry configs set by error type. They are read anew for each group of failures, so that a change holds from the
 * next failure on for every replica; a cache would have to be told.
 */
export abstract class RetryConfigs {
  /** By error type. */
  abstract all(): Promise<RetryConfig[]>;
  abstract count(): Promise<number>;
  abstract has(errorType: string): Promise<boolean>;
  /** Gives whether a config of the error type was replaced. */
  abstract save(config: RetryConfig): Promise<boolean>;
  /** Gives whether there was one. */
  abstract remove(errorType: string): Promise<boolean>;
}
