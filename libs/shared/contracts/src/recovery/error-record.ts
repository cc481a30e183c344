import { z } from 'zod';
import { errorGroupIdPattern, errorRecordIdPattern } from '../identifiers.js';
import { limits } from '../limits.js';
import { utf8Length } from '../utf8-length.js';
import { jobIdSchema, nameSchema } from '../job/batch-job.js';

export const recoveryStatuses = ['pending', 'in_progress', 'recovered', 'failed'] as const;

export type RecoveryStatus = (typeof recoveryStatuses)[number];

export const errorRecordIdSchema = z
  .string()
  .regex(errorRecordIdPattern, 'an id like err_01890a5d-ac96-774b-bcce-b302099a8057.0.17');

export const errorGroupIdSchema = z.string().regex(errorGroupIdPattern, 'an id like grp_ and 32 hex digits');

export const errorTypeSchema = z
  .string()
  .min(1)
  .max(limits.idLength)
  .regex(/^[A-Za-z0-9_.:\-*]+$/, 'letters, digits and _.:-*');

export const recoveryAttemptSchema = z.object({
  timestamp: z.string(),
  method: z.string().describe('automatic_retry or manual_recover'),
  result: z.string().describe('scheduled, started, recovered, failed: …, refused: …'),
});

/** What is known of one task's failure and of everything done about it. */
export const errorRecordSchema = z.object({
  id: errorRecordIdSchema,
  job_id: z.string().optional(),
  task_id: z.string().optional(),
  error_type: z.string(),
  error_message: z.string(),
  stack_trace: z.string().optional(),
  timestamp: z.string(),
  retry_count: z.int(),
  recovery_status: z.enum(recoveryStatuses),
  recovery_attempts: z.array(recoveryAttemptSchema),
  group_id: errorGroupIdSchema,
  group_title: z.string(),
  /** Why it was decided so: each step of the decision that spoke, in order. */
  decision: z.array(z.string()),
  next_retry_at: z.string().nullable(),
});

export type ErrorRecord = z.infer<typeof errorRecordSchema>;

/** Failures that look alike: one error type and one masked message. */
export const errorGroupSchema = z.object({
  id: errorGroupIdSchema,
  title: z.string(),
  error_type: z.string(),
  count: z.int(),
  by_status: z.record(z.enum(recoveryStatuses), z.int()),
  jobs: z.int(),
  first_seen: z.string(),
  last_seen: z.string(),
  example_record_id: errorRecordIdSchema,
});

export type ErrorGroup = z.infer<typeof errorGroupSchema>;

const filterShape = {
  job_id: jobIdSchema.optional(),
  group_id: errorGroupIdSchema.optional(),
  error_type: errorTypeSchema.optional(),
  recovery_status: z.enum(recoveryStatuses).optional(),
};

export const listErrorsSchema = z.strictObject({
  ...filterShape,
  limit: z.int().min(1).max(limits.pageSize).default(50),
  cursor: z.string().min(1).max(500).optional(),
});

export const errorPageSchema = z.object({ items: z.array(errorRecordSchema), next_cursor: z.string().nullable() });

export type ErrorPage = z.infer<typeof errorPageSchema>;

export const listErrorGroupsSchema = z.strictObject({
  job_id: jobIdSchema.optional(),
  recovery_status: z.enum(recoveryStatuses).optional(),
  limit: z.int().min(1).max(limits.pageSize).default(50),
});

export const errorGroupListSchema = z.object({ items: z.array(errorGroupSchema) });

export type ErrorGroupList = z.infer<typeof errorGroupListSchema>;

export const getErrorSchema = z.strictObject({ error_record_id: errorRecordIdSchema });

export const customParamsSchema = z
  .record(nameSchema(limits.idLength), z.json())
  .refine((params) => utf8Length(JSON.stringify(params)) <= limits.customParamsBytes, `at most ${limits.customParamsBytes} bytes as JSON`);

export const manualRecoverSchema = z
  .strictObject({
    error_record_id: errorRecordIdSchema.optional(),
    group_id: errorGroupIdSchema.optional().describe('Recovers every unrecovered record of a group instead of one.'),
    job_id: jobIdSchema.optional().describe('With group_id: only the records of this job.'),
    recovery_options: z
      .strictObject({
        force: z.boolean().default(false).describe('Also while a retry is already scheduled or the outcome is unknown.'),
        ignore_conditions: z.boolean().default(false).describe('Do not ask retry_conditions again.'),
        custom_params: customParamsSchema.optional().describe('Laid over the payload of the rerun.'),
      })
      .default({ force: false, ignore_conditions: false }),
  })
  .refine((data) => (data.error_record_id === undefined) !== (data.group_id === undefined), {
    message: 'exactly one of error_record_id and group_id',
    path: ['error_record_id'],
  });

export type ManualRecover = z.output<typeof manualRecoverSchema>;

export const recoveryReceiptSchema = z.object({
  accepted: z.int().describe('records whose task is being rerun'),
  refused: z.array(z.object({ error_record_id: z.string(), reason: z.string() })).describe('at most 20 are named'),
  refused_count: z.int(),
});

export type RecoveryReceipt = z.infer<typeof recoveryReceiptSchema>;
