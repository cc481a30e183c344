import { z } from 'zod';
import { numberSetting, payloadSettings, type ServiceSettings } from '@kintsugi/hosting';
import { retentionRulesOf } from './deletion/domain/retention-rules.js';

/** Stands for the id in the address of a trace. */
export const TRACE_ID_MARK = '{trace_id}';

export const jobServiceSettings = {
  ...payloadSettings,
  DEFAULT_JOB_TYPE: z.string().max(64).default('smtp.send').describe('Type of jobs that name none.'),
  JOB_RETENTION_DAYS: z
    .string()
    .default('off')
    .refine((text) => retentionRulesOf(text) !== null, 'off, or days such as 90,failed=365,smtp.send=7,smtp.send/failed=30')
    .describe(
      'Days after its end for which a job is kept with all that belongs to it; `off` keeps all. After a comma, other days for a status (`failed=365`), a type (`smtp.send=7`) or both (`smtp.send/failed=30`); without a number for all, only jobs that are named are deleted.',
    ),
  JOB_RETENTION_GB: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe(
      'Gigabytes of data, before compression, that jobs and tasks may take: above it the oldest that have ended are deleted; 0 sets no bound.',
    ),
  LEASE_LOSSES_MAX: numberSetting(5, 1, 100).describe(
    'Workers that may be lost while they hold one task and no other before it is quarantined as their killer.',
  ),
  TIMEOUT_GRACE_MS: numberSetting(5_000, 0, 600_000).describe(
    'Time that a handler has to let go once the timeout_s of its job is over, before its run counts as failed without it.',
  ),
  RECONCILE_EVERY_MS: numberSetting(5_000, 100, 600_000).describe(
    'Pause between two comparisons of the record with what followed from it; six times as long while nothing goes on.',
  ),
  WEDGED_AFTER_MS: numberSetting(30_000, 300, 86_400_000).describe(
    'Time that jobs have to be without a way on before `job.wedged` tells of it; twenty times as long where somebody has paused what they wait for.',
  ),
  TRACE_URL_TEMPLATE: z
    .string()
    .refine(
      (text) => /^https?:/.test(text) && text.includes(TRACE_ID_MARK),
      `an http or https address with ${TRACE_ID_MARK} is wanted`,
    )
    .optional()
    .describe(
      'Where a trace is looked at, with `{trace_id}` in the place of its id, such as `https://jaeger.example/trace/{trace_id}`: jobs are told with it as `trace_url`.',
    ),
  FORGOTTEN_AFTER_MS: numberSetting(15_000, 100, 600_000).describe(
    'Age at which an event not published or a failure not decided counts as forgotten.',
  ),
};

export type JobServiceSettings = ServiceSettings<typeof jobServiceSettings>;
