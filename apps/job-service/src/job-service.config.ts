import { z } from 'zod';
import { numberSetting, payloadSettings, type ServiceSettings } from '@kintsugi/hosting';

export const jobServiceSettings = {
  ...payloadSettings,
  DEFAULT_JOB_TYPE: z.string().max(64).default('smtp.send').describe('Type of jobs that name none.'),
  LEASE_LOSSES_MAX: numberSetting(5, 1, 100).describe(
    'Workers that may be lost while they hold one task and no other before it is quarantined as their killer.',
  ),
  TIMEOUT_GRACE_MS: numberSetting(5_000, 0, 600_000).describe(
    'Time that a handler has to let go once the timeout_s of its job is over, before its run counts as failed without it.',
  ),
  RECONCILE_EVERY_MS: numberSetting(5_000, 100, 600_000).describe(
    'Pause between two comparisons of the record with what followed from it.',
  ),
  FORGOTTEN_AFTER_MS: numberSetting(15_000, 100, 600_000).describe(
    'Age at which an event not published or a failure not decided counts as forgotten.',
  ),
};

export type JobServiceSettings = ServiceSettings<typeof jobServiceSettings>;
