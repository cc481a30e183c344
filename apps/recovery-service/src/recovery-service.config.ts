import { z } from 'zod';
import { jitters, limits } from '@kintsugi/contracts';
import { numberSetting, type ServiceSettings } from '@kintsugi/hosting';
import type { PolicyFallback } from './policies/domain/retry-policy.js';

/** The settings of recovery-service: the policy for failures of which no config and no job says otherwise. */
export const recoveryServiceSettings = {
  MAX_RETRY_ATTEMPTS: z.coerce
    .number()
    .int()
    .min(0)
    .max(limits.attempts - 1)
    .default(3)
    .describe('How often a failed task is retried; the first run is not counted.'),
  RETRY_WAIT_SECONDS: numberSetting(5, 0, limits.retryDelaySeconds).describe('Seconds before the first retry.'),
  RETRY_BACKOFF_MULTIPLIER: numberSetting(2, 1, 100).describe('By how much each wait is longer than the one before.'),
  RETRY_MAX_DELAY_SECONDS: numberSetting(3600, 0, limits.retryDelaySeconds).describe(
    'The longest wait before a retry, in seconds.',
  ),
  RETRY_JITTER: z
    .enum(jitters)
    .default('full')
    .describe(
      'full: each wait is drawn from nothing to its length, so that what failed together does not return together. equal: from half its length. none: exact waits.',
    ),
  ERROR_RETENTION_DAYS: numberSetting(90, 1, 3_650).describe(
    'Days for which an error record is kept after its task recovered or its job was cancelled, what people asked to be run again after the last order, and a group of failures without records after it failed last. Records that wait for a person are kept until then, and groups that a person has said something of for longer.',
  ),
  COMMAND_RESEND_SECONDS: numberSetting(30, 0.1, 3600).describe(
    'Seconds after which a command to job-service is sent again when nothing was heard of the task since; doubles each time, up to an hour.',
  ),
};

export type RecoveryServiceSettings = ServiceSettings<typeof recoveryServiceSettings>;

/** What the policy by default is made of. */
export type PolicySettings = Pick<
  RecoveryServiceSettings,
  'MAX_RETRY_ATTEMPTS' | 'RETRY_WAIT_SECONDS' | 'RETRY_MAX_DELAY_SECONDS' | 'RETRY_BACKOFF_MULTIPLIER' | 'RETRY_JITTER'
>;

export type ResendSettings = Pick<RecoveryServiceSettings, 'COMMAND_RESEND_SECONDS'>;

export type RetrySettings = PolicySettings & ResendSettings;

/** The policy that the settings amount to. Configs count the first run as an attempt, the setting does not. */
export function defaultPolicyOf(settings: PolicySettings): PolicyFallback {
  const config = {
    error_type: '*',
    max_attempts: settings.MAX_RETRY_ATTEMPTS + 1,
    initial_delay: settings.RETRY_WAIT_SECONDS,
    max_delay: Math.max(settings.RETRY_MAX_DELAY_SECONDS, settings.RETRY_WAIT_SECONDS),
    backoff_factor: settings.RETRY_BACKOFF_MULTIPLIER,
    retry_conditions: [],
  };
  return { config, jitter: settings.RETRY_JITTER };
}

/** After how long a command goes out again of which nothing was heard. */
export function resendMsOf({ COMMAND_RESEND_SECONDS }: ResendSettings): number {
  return COMMAND_RESEND_SECONDS * 1_000;
}
