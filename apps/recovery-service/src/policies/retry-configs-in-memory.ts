import type { RetryConfig } from '@kintsugi/contracts';
import { retryConfigsMax, type RetryConfigs } from './retry-configs.js';

/** Retry configs for specs: they behave as those in MongoDB do, which one conformance suite holds both to. */
export class RetryConfigsInMemory implements RetryConfigs {
  private readonly configs = new Map<string, RetryConfig>();

  async all(): Promise<RetryConfig[]> {
    const inOrder = [...this.configs.values()].sort((one, other) => (one.error_type < other.error_type ? -1 : 1));
    return structuredClone(inOrder.slice(0, retryConfigsMax));
  }

  async count(): Promise<number> {
    return this.configs.size;
  }

  async has(errorType: string): Promise<boolean> {
    return this.configs.has(errorType);
  }

  async save(config: RetryConfig): Promise<boolean> {
    const replaced = this.configs.has(config.error_type);
    this.configs.set(config.error_type, structuredClone(config));
    return replaced;
  }

  async remove(errorType: string): Promise<boolean> {
    return this.configs.delete(errorType);
  }
}
