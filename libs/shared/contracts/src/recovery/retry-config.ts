import { z } from 'zod';
import { jsonBytes } from '../utf8-bytes.js';
import { limits } from '../limits.js';
import { storableJsonSchema } from '../storable-json.js';
import { errorTypeSchema } from './error-record.js';
import { refuseUnfitValue } from './compare-condition.js';

export const conditionOperators = [
  ...['eq', 'ne', 'in', 'not_in', 'gt', 'gte', 'lt', 'lte'],
  ...['contains', 'starts_with', 'ends_with', 'matches', 'exists'],
] as const satisfies string[];

/** What a condition may ask about, beside the labels of the job. */
export const conditionFields = [
  ...['error_type', 'error_message', 'stack_trace', 'non_retryable', 'retry_after_ms'],
  ...['attempt', 'failures', 'task_id', 'safety', 'job_id', 'job_type', 'tenant'],
] as const satisfies string[];

const fieldPattern = new RegExp(`^(?:${conditionFields.join('|')}|labels\\..{1,${limits.labelKeyLength}})$`);

export const retryConditionSchema = z
  .strictObject({
    field: z
      .string()
      .regex(fieldPattern, `one of ${conditionFields.join(', ')}, or labels. and the key of a label of the job`)
      .describe(`A field of the failure: ${conditionFields.join(', ')}, or labels.KEY.`),
    operator: z.enum(conditionOperators).describe('How the field is compared.'),
    value: storableJsonSchema
      .refine((value) => jsonBytes(value) <= limits.conditionValueBytes, `at most ${limits.conditionValueBytes} bytes as JSON`)
      .describe('What it is compared with.'),
  })
  .refine(({ operator, value }) => operator !== 'matches' || isPattern(value), {
    message: `a regular expression of 1 to ${limits.patternLength} characters`,
    path: ['value'],
  })
  .superRefine(refuseUnfitValue);

export type RetryCondition = z.infer<typeof retryConditionSchema>;

function isPattern(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= limits.patternLength;
}

/** `full`: anything up to the computed delay. `equal`: its half, and anything up to the other half. `none`: exact delays. */
export const jitters = ['full', 'equal', 'none'] as const;

export type Jitter = (typeof jitters)[number];

export const ruleActions = ['retry', 'retry_uncounted', 'fail_task', 'fail_job', 'quarantine'] as const;

export type RuleAction = (typeof ruleActions)[number];

const conditionsMax = 20;

export const retryRuleSchema = z.strictObject({
  when: z.array(retryConditionSchema).min(1).max(conditionsMax).describe('All must hold for the rule to apply.'),
  action: z
    .enum(ruleActions)
    .describe(
      'retry: also where its class is permanent. retry_uncounted: the run does not count against max_attempts. fail_task: no retry. fail_job: none, and what is left of the job is stopped. quarantine: it waits for a person.',
    ),
  reason: z.string().min(1).max(200).optional().describe('Why, for whoever reads the decision.'),
});

export type RetryRule = z.infer<typeof retryRuleSchema>;

const retryConfigShape = {
  error_type: errorTypeSchema,
  max_attempts: z.int().min(1).max(limits.attempts).describe('Runs of a task, the first included.'),
  initial_delay: z.number().min(0).max(limits.retryDelaySeconds).describe('Seconds before the first retry.'),
  max_delay: z.number().min(0).max(limits.retryDelaySeconds).describe('Seconds that a retry waits at most.'),
  backoff_factor: z.number().min(1).max(100).describe('How much longer each wait is than the one before.'),
  retry_conditions: z.array(retryConditionSchema).max(conditionsMax).describe('All must hold for a retry.'),
  jitter: z.enum(jitters).optional().describe('How waits are drawn: full, equal or none; RETRY_JITTER where it is left out.'),
  max_retry_after: z
    .number()
    .min(0)
    .max(limits.retryDelaySeconds)
    .optional()
    .describe('Seconds that a failure may ask to wait at most; where it is left out, up to a week.'),
  rules: z
    .array(retryRuleSchema)
    .max(conditionsMax)
    .optional()
    .describe('Looked at in order; the first whose conditions hold decides.'),
};

/** How failures of one error type are retried. Delays are seconds; max_attempts counts the first run. */
export const retryConfigSchema = z.strictObject(retryConfigShape).refine((config) => config.max_delay >= config.initial_delay, {
  message: 'max_delay at least initial_delay',
  path: ['max_delay'],
});

export type RetryConfig = z.infer<typeof retryConfigSchema>;

export const configureRetrySchema = z
  .strictObject({ error_type: errorTypeSchema, config: retryConfigSchema.describe('How its failures are retried.') })
  .refine((data) => data.error_type === data.config.error_type, {
    message: 'the same error_type as outside',
    path: ['config', 'error_type'],
  });

const versionSchema = z.int().min(1);

export const retryConfigReceiptSchema = z.object({
  config: retryConfigSchema.describe('What holds from now on.'),
  replaced: z.boolean().describe('True when it takes the place of an earlier one.'),
  version: versionSchema.describe('Its version.'),
});

export const unsetRetrySchema = z.strictObject({ error_type: errorTypeSchema });

export const unsetRetryReceiptSchema = z.object({
  config: retryConfigSchema.describe('What holds for the error type from now on: of a prefix, or of all others.'),
  removed: z.boolean().describe('False when nothing had been set for it.'),
});

const changeShape = {
  version: versionSchema.describe('Its version, counted from 1 for each error type.'),
  changed_at: z.string().describe('When it was set.'),
  changed_by: z.string().describe('Who set it: the name of the API key, or `nats`.'),
};

export const listedRetryConfigSchema = z.object({ ...retryConfigShape, ...changeShape });

export type ListedRetryConfig = z.infer<typeof listedRetryConfigSchema>;

export const retryConfigListSchema = z.object({
  default: retryConfigSchema.describe(
    'What holds for every other error type: what was set for `*`, or else the settings of the service.',
  ),
  items: z.array(listedRetryConfigSchema).describe('What was set, by error type.'),
});

/** How a policy stood after a change. */
export const retryConfigVersionSchema = z.object({
  ...changeShape,
  config: retryConfigSchema.nullable().describe('What was set; null where it was taken back.'),
  reverted_to: versionSchema.optional().describe('The version that was brought back.'),
});

export type RetryConfigVersion = z.infer<typeof retryConfigVersionSchema>;

export const getRetryConfigSchema = z.strictObject({ error_type: errorTypeSchema });

export const retryConfigDetailsSchema = z.object({
  error_type: errorTypeSchema,
  holds: retryConfigSchema.describe('What holds for its failures: its own, that of a prefix, or that of all others.'),
  history: z.array(retryConfigVersionSchema).describe('Its versions, newest first; the last 50.'),
});

export type RetryConfigDetails = z.infer<typeof retryConfigDetailsSchema>;

export const diffRetryConfigSchema = z.strictObject({
  error_type: errorTypeSchema,
  from: versionSchema.optional().describe('The version to compare; the one before `to` when absent.'),
  to: versionSchema.optional().describe('The version that it is compared with; the newest when absent.'),
});

export const retryConfigDiffSchema = z.object({
  error_type: errorTypeSchema,
  from: versionSchema.nullable().describe('The earlier version; null where `to` is the first.'),
  to: versionSchema.describe('The later version.'),
  changes: z
    .array(
      z.object({
        path: z.string().describe('The field.'),
        before: z.unknown().optional().describe('Its value in the earlier version; left out where it had none.'),
        after: z.unknown().optional().describe('Its value in the later version; left out where it has none.'),
      }),
    )
    .describe('What differs.'),
});

export type RetryConfigDiff = z.infer<typeof retryConfigDiffSchema>;

export const revertRetrySchema = z.strictObject({
  error_type: errorTypeSchema,
  to: versionSchema.optional().describe('The version to bring back; the one before the newest when absent.'),
});

export const revertRetryReceiptSchema = z.object({
  config: retryConfigSchema.describe('What holds for the error type from now on.'),
  version: versionSchema.describe('The new version.'),
  reverted_to: z.int().min(0).describe('The version that holds again; 0 where nothing had been set before.'),
});
