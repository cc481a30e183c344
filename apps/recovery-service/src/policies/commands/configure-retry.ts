import { Injectable } from '@nestjs/common';
import { isErrorTypePattern, ProblemError, shown, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { retryConfigsMax, RetryConfigs } from '../retry-configs.js';

/** Sets how failures of an error type are retried, from the next failure on. */
@Injectable()
export class ConfigureRetry {
  constructor(private readonly configs: RetryConfigs) {}

  async execute({ config }: ActionRequest<'configureRetry'>): Promise<ActionResponse<'configureRetry'>> {
    const { error_type } = config;
    if (!isErrorTypePattern(error_type)) {
      throw new ProblemError(
        'VALIDATION_FAILED',
        'data.error_type: a star stands for the rest of the type, so it goes at the end.',
        {
          errors: [
            {
              path: 'data.error_type',
              rule: 'FORMAT',
              got: shown(error_type),
              allowed: 'an error type, or a prefix such as smtp.*',
            },
          ],
        },
      );
    }
    if ((await this.configs.count()) >= retryConfigsMax && !(await this.configs.has(error_type))) {
      throw new ProblemError(
        'STATE_CONFLICT',
        `There are ${retryConfigsMax} retry configs already. Use prefixes such as smtp.* to need fewer.`,
      );
    }
    return { config, replaced: await this.configs.save(config) };
  }
}
