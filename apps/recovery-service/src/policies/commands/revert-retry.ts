import { Inject, Injectable } from '@nestjs/common';
import { ProblemError, retryConfigSchema, validate, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import type { Origin } from '@kintsugi/messaging';
import { Clock } from '../../platform/clock.js';
import { defaultPolicyOf, type PolicySettings } from '../../recovery-service.config.js';
import { versionToRevertTo } from '../domain/config-versions.js';
import { configFor } from '../domain/retry-policy.js';
import { changeBy, RetryConfigs } from '../retry-configs.js';

/** Brings an earlier version of a policy back, as a new version: a revert can itself be reverted. */
@Injectable()
export class RevertRetry {
  constructor(
    private readonly configs: RetryConfigs,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: PolicySettings,
  ) {}

  async execute(
    { error_type, to }: ActionRequest<'revertRetry'>,
    { actor }: Pick<Origin, 'actor'>,
  ): Promise<ActionResponse<'revertRetry'>> {
    const history = await this.configs.history(error_type);
    const [newest] = history;
    const wanted = versionToRevertTo(history, to);
    if (!newest || !wanted) throw versionNotFound(error_type, to);
    // It may be from before a bound was set: then it is refused, and with what is wrong in it.
    if (wanted.config) validate(retryConfigSchema, wanted.config, 'config');
    const change = {
      ...changeBy(actor, this.clock.now()),
      ...(wanted.version === 0 ? {} : { reverted_to: wanted.version }),
    };
    const changed = await this.configs.change(error_type, wanted.config, change, newest.version);
    if (!changed) {
      throw new ProblemError('STATE_CONFLICT', `The policy of ${error_type} was changed at this moment. Look at it again.`);
    }
    const config = configFor(await this.configs.all(), error_type) ?? defaultPolicyOf(this.settings).config;
    return { config, version: changed.version, reverted_to: wanted.version };
  }
}

export function versionNotFound(errorType: string, version: number | undefined): ProblemError {
  const what = version === undefined ? 'policy' : `version ${version} of a policy`;
  return new ProblemError(
    'RETRY_CONFIG_NOT_FOUND',
    `There is no ${what} set for ${errorType} itself. Its history and the list of policies show what there is.`,
  );
}
