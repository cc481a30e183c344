import { Injectable } from '@nestjs/common';
import type { ActionRequest, RetryConfigDiff } from '@kintsugi/contracts';
import { versionNotFound } from '../commands/revert-retry.js';
import { changesBetween } from '../domain/config-versions.js';
import { RetryConfigs } from '../retry-configs.js';

/** What differs between two versions of a policy. */
@Injectable()
export class DiffRetryConfig {
  constructor(private readonly configs: RetryConfigs) {}

  async execute({ error_type, from, to }: ActionRequest<'diffRetryConfig'>): Promise<RetryConfigDiff> {
    const history = await this.configs.history(error_type);
    const later = to === undefined ? history[0] : history.find(({ version }) => version === to);
    if (!later) throw versionNotFound(error_type, to);
    const wanted = from ?? later.version - 1;
    const earlier = history.find(({ version }) => version === wanted);
    if (!earlier && wanted > 0) throw versionNotFound(error_type, wanted);
    const changes = changesBetween(earlier?.config ?? null, later.config);
    return { error_type, from: earlier?.version ?? null, to: later.version, changes };
  }
}
