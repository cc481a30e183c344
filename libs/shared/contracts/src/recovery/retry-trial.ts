import { z } from 'zod';
import { tenantSchema } from '../access/tenant.js';
import { labelsSchema } from '../job/batch-job.js';
import { limits } from '../limits.js';
import { safetyClasses } from '../task/task-state.js';
import { errorRecordIdSchema, errorTypeSchema } from './error-record.js';
import { conditionOperators, retryConfigSchema, ruleActions } from './retry-config.js';
import { timeSchema } from '../period.js';

/** A failure as somebody imagines it. */
export const triedErrorSchema = z.strictObject({
  error_type: errorTypeSchema,
  error_message: z.string().max(limits.errorMessageLength).default('').describe('What the handler says.'),
  stack_trace: z.string().max(limits.stackLength).optional().describe('Where in the handler it happened.'),
  non_retryable: z.boolean().default(false).describe('The handler says that another try cannot help.'),
  retry_after_ms: z.int().min(0).nullable().default(null).describe('The handler knows when another try makes sense.'),
  attempt: z.int().min(1).max(limits.attempts).default(1).describe('The run that failed, counted from 1.'),
  safety: z.enum(safetyClasses).default('idempotent').describe('How safe it is to run the task twice.'),
  job_type: z.string().min(1).max(limits.typeLength).default('any').describe('The type of its job.'),
  tenant: tenantSchema.optional().describe('Whose job it is.'),
  labels: labelsSchema.default({}).describe('Labels of its job.'),
  deadline_at: timeSchema.optional().describe('When its job has to be over.'),
});

export const testRetrySchema = z
  .strictObject({
    error_record_id: errorRecordIdSchema.optional().describe('A recorded error, as it was when it last failed.'),
    error: triedErrorSchema.optional().describe('Or an error that is given.'),
    config: retryConfigSchema.optional().describe('A policy to try instead of what holds; nothing of it is kept.'),
  })
  .refine((data) => (data.error_record_id === undefined) !== (data.error === undefined), {
    message: 'exactly one of error_record_id and error',
    path: ['error_record_id'],
  });

const delayShape = {
  from_s: z.number().describe('Seconds that the retry waits at least.'),
  to_s: z.number().describe('Seconds that it waits at most.'),
};

export const retryTrialSchema = z.object({
  error_type: z.string().describe('The kind of failure.'),
  decision: z
    .enum(['retry', 'fail_task', 'fail_job', 'quarantine', 'wait_for_person'])
    .describe('What would become of the failure.'),
  source: z.string().describe('Whose policy it is: an error type, a prefix, the job, or the default.'),
  steps: z.array(z.string()).describe('Each step of the decision that spoke, in order.'),
  conditions: z
    .array(
      z.object({
        of: z.string().describe('`retry_conditions`, or the rule, such as `rules[0]`.'),
        field: z.string().describe('The field of the failure.'),
        operator: z.enum(conditionOperators).describe('How it is compared.'),
        value: z.unknown().describe('What it is compared with.'),
        actual: z.unknown().describe('What the failure has there; null where it has nothing.'),
        holds: z.boolean().describe('Whether it holds.'),
        comparable: z.boolean().describe('False where the two are of different kinds or the field is absent.'),
      }),
    )
    .describe('Every condition of the policy, and whether it holds.'),
  rule: z
    .object({ index: z.int().describe('Its place, counted from 0.'), action: z.enum(ruleActions).describe('What it asks for.') })
    .nullable()
    .describe('The rule that applies; null where none does.'),
  delay: z.object(delayShape).nullable().describe('How long the retry would wait; null where there is none.'),
  schedule: z
    .array(z.object({ attempt: z.int().describe('The run, counted from 1.'), ...delayShape }))
    .describe('The runs that would follow if each failed alike; the first 20.'),
});

export type RetryTrial = z.infer<typeof retryTrialSchema>;
