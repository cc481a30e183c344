import type { Actor, ListedRetryConfig, RetryConfig, RetryConfigVersion } from '@kintsugi/contracts';

/** Configs that there may be: all of them are read for each group of failures. */
export const retryConfigsMax = 500;

/** Versions of a config that are kept; the oldest go first. */
export const versionsMax = 50;

/** Who changes a config, and when. */
export interface ConfigChange {
  changed_by: string;
  changed_at: string;
  /** The version that is brought back. */
  reverted_to?: number;
}

/** A change by whoever asks for it. */
export function changeBy({ name }: Pick<Actor, 'name'>, now: number): ConfigChange {
  return { changed_by: name, changed_at: new Date(now).toISOString() };
}

export interface ChangedConfig {
  /** Whether something was set before. */
  replaced: boolean;
  version: number;
}

/**
 * The retry configs set by error type, with their versions. They are read anew for each group of failures, so that a change
 * holds from the next failure on for every replica; a cache would have to be told.
 */
export abstract class RetryConfigs {
  /** What is set, by error type. */
  abstract all(): Promise<RetryConfig[]>;
  /** What is set, with its version. */
  abstract listed(): Promise<ListedRetryConfig[]>;
  abstract count(): Promise<number>;
  abstract has(errorType: string): Promise<boolean>;
  /** Every version that is kept, newest first; none where nothing was ever set. */
  abstract history(errorType: string): Promise<RetryConfigVersion[]>;
  /**
   * Sets a config, or with null takes back what was set. What stands so already gets no new version.
   * @param expected the newest version, where the change follows from it: gives null where it is another by now
   */
  abstract change(
    errorType: string,
    config: RetryConfig | null,
    change: ConfigChange,
    expected?: number,
  ): Promise<ChangedConfig | null>;
}
