import type { ListedRetryConfig, RetryConfig, RetryConfigVersion } from '@kintsugi/contracts';
import { isSameConfig } from './domain/config-versions.js';
import { retryConfigsMax, versionsMax, type ChangedConfig, type ConfigChange, type RetryConfigs } from './retry-configs.js';

/** Retry configs for specs: they behave as those in MongoDB do, which one conformance suite holds both to. */
export class RetryConfigsInMemory implements RetryConfigs {
  private readonly versions = new Map<string, RetryConfigVersion[]>();

  async all(): Promise<RetryConfig[]> {
    return this.set().map(({ config }) => config);
  }

  async listed(): Promise<ListedRetryConfig[]> {
    return this.set().map(({ config, version, changed_at, changed_by }) => ({ ...config, version, changed_at, changed_by }));
  }

  async count(): Promise<number> {
    return this.set().length;
  }

  async has(errorType: string): Promise<boolean> {
    return (this.versions.get(errorType)?.[0]?.config ?? null) !== null;
  }

  async history(errorType: string): Promise<RetryConfigVersion[]> {
    return structuredClone(this.versions.get(errorType) ?? []);
  }

  async change(
    errorType: string,
    config: RetryConfig | null,
    change: ConfigChange,
    expected?: number,
  ): Promise<ChangedConfig | null> {
    const history = this.versions.get(errorType) ?? [];
    const { version = 0, config: before = null } = history[0] ?? {};
    if (expected !== undefined && version !== expected) return null;
    const replaced = before !== null;
    if (isSameConfig(before, config)) return { replaced, version };
    const next = structuredClone({ version: version + 1, config, ...change });
    this.versions.set(errorType, [next, ...history].slice(0, versionsMax));
    return { replaced, version: version + 1 };
  }

  private set(): (RetryConfigVersion & { config: RetryConfig })[] {
    const newest = [...this.versions.values()].flatMap(([first]) => (first ? [first] : []));
    const set = newest.flatMap((version) => (version.config ? [{ ...version, config: version.config }] : []));
    set.sort((one, other) => (one.config.error_type < other.config.error_type ? -1 : 1));
    return structuredClone(set.slice(0, retryConfigsMax));
  }
}
