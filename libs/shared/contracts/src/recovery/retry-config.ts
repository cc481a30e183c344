import { z } from 'zod';
import { jsonBytes } from '../json-bytes.js';
import { limits } from '../limits.js';
import { storableJsonSchema } from '../storable-json.js';
import { errorTypeSchema } from './error-record.js';

export const conditionOperators = [
  'eq',
  'ne',
  'in',
  'not_in',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'starts_with',
  'exists',
] as const;

export const retryConditionSchema = z.strictObject({
  field: z.enum(['error_type', 'error_message', 'attempt', 'job_id', 'job_type', 'task_id']).describe('A field of the failure.'),
  operator: z.enum(conditionOperators).describe('How the field is compared.'),
  value: storableJsonSchema
    .refine((value) => jsonBytes(value) <= limits.conditionValueBytes, `at most ${limits.conditionValueBytes} bytes as JSON`)
    .describe('What it is compared with.'),
});

export type RetryCondition = z.infer<typeof retryConditionSchema>;

/** How failures of one error type are retried. Delays are seconds; max_attempts counts the first run. */
export const retryConfigSchema = z
  .strictObject({
    error_type: errorTypeSchema,
    max_attempts: z.int().min(1).max(limits.attempts).describe('Runs of a task, the first included.'),
    initial_delay: z.number().min(0).max(limits.retryDelaySeconds).describe('Seconds before the first retry.'),
    max_delay: z.number().min(0).max(limits.retryDelaySeconds).describe('Seconds that a retry waits at most.'),
    backoff_factor: z.number().min(1).max(100).describe('How much longer each wait is than the one before.'),
    retry_conditions: z.array(retryConditionSchema).max(20).describe('All must hold for a retry.'),
  })
  .refine((config) => config.max_delay >= config.initial_delay, {
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

export const retryConfigReceiptSchema = z.object({
  config: retryConfigSchema.describe('What holds from now on.'),
  replaced: z.boolean().describe('True when it takes the place of an earlier one.'),
});

export const unsetRetrySchema = z.strictObject({ error_type: errorTypeSchema });

export const unsetRetryReceiptSchema = z.object({
  config: retryConfigSchema.describe('What holds for the error type from now on: of a prefix, or of all others.'),
  removed: z.boolean().describe('False when nothing had been set for it.'),
});

export const retryConfigListSchema = z.object({
  default: retryConfigSchema.describe(
    'What holds for every other error type: what was set for `*`, or else the settings of the service.',
  ),
  items: z.array(retryConfigSchema).describe('What was set, by error type.'),
});
