import { z } from 'zod';
import { tenantSchema } from '../access/tenant.js';
import { errorGroupIdPattern, errorRecordIdPattern } from '../identifiers.js';
import { jsonBytes } from '../utf8-bytes.js';
import { limits } from '../limits.js';
import { pageOf, pageShape } from '../page.js';
import { jobIdSchema, nameSchema } from '../job/batch-job.js';
import { timeSchema } from '../period.js';
import { runFactsShape } from '../task/run-facts.js';
import { stepNameSchema } from '../task/step.js';

export const recoveryStatuses = ['pending', 'in_progress', 'recovered', 'failed'] as const;

export type RecoveryStatus = (typeof recoveryStatuses)[number];

/** Characters of a text that is looked for. */
const searchTextMax = 200;

export const errorRecordIdSchema = z
  .string()
  .regex(errorRecordIdPattern, 'an id like err_01890a5d-ac96-774b-bcce-b302099a8057.0.17')
  .describe('The error record.');

export const errorGroupIdSchema = z
  .string()
  .regex(errorGroupIdPattern, 'an id like grp_ and 32 hex digits')
  .describe('The group of failures that look alike.');

/** Groups that a request names; a rerun of a part asks for the tasks of those that it is given. */
export const errorGroupIdsSchema = z.array(errorGroupIdSchema).min(1).max(100);

export const errorTypeSchema = z
  .string()
  .min(1)
  .max(limits.idLength)
  .regex(/^[A-Za-z0-9_.:\-*]+$/, 'letters, digits and _.:-*')
  // Events count failures by type, and no JSON from outside may have this key.
  .refine((type) => type !== '__proto__', 'any type but __proto__')
  .describe('The kind of failure, such as `smtp.451` or `net.timeout`.');

export const recoveryAttemptSchema = z.object({
  timestamp: z.string().describe('When it was tried.'),
  method: z.string().describe('automatic_retry or manual_recover.'),
  result: z.string().describe('scheduled, started, waiting: …, recovered, failed: …, refused: …'),
  recovery_id: z.string().optional().describe('Of manual_recover: what was asked for when it was begun.'),
  requested_by: z
    .string()
    .optional()
    .describe('Who asked for that. Told with one record and not in lists, as long as it is kept.'),
  custom_params: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What was laid over the payload; told as requested_by is.'),
  from_step: z.string().optional().describe('The step from which the handler ran anew; told as requested_by is.'),
});

export const failedRunSchema = z.object({
  attempt: z.int().describe('The run, counted from 1.'),
  failed_at: z.string().describe('When it ended.'),
  error_type: z.string().describe('The kind of failure.'),
  retry_delay_ms: z.int().nullable().describe('How long the retry after it was to wait; null where none followed by itself.'),
  group_id: errorGroupIdSchema.optional().describe('The group of failures that look like it.'),
  ...runFactsShape,
  uncounted: z.literal(true).optional().describe('A rule of the policy has left it out of the count.'),
});

export type FailedRun = z.infer<typeof failedRunSchema>;

/** What is known of one task's failure and of everything done about it. */
export const errorRecordSchema = z.object({
  id: errorRecordIdSchema,
  job_id: z.string().optional().describe('The job.'),
  task_id: z.string().optional().describe('The task that failed.'),
  tenant: z.string().describe('Whose job it is.'),
  error_type: z.string().describe('The kind of its last failure.'),
  error_message: z.string().describe('What the handler said.'),
  stack_trace: z.string().optional().describe('Where in the handler it happened.'),
  timestamp: z.string().describe('When it last failed.'),
  retry_count: z.int().describe('Retries so far.'),
  recovery_status: z.enum(recoveryStatuses).describe('How far its recovery is.'),
  recovery_attempts: z.array(recoveryAttemptSchema).describe('What has been done about it, oldest first.'),
  failed_runs: z.array(failedRunSchema).describe('Every run that failed, oldest first; of very many, the last hundred.'),
  labels: z.record(z.string(), z.string()).optional().describe('Labels of its job; left out where there are none.'),
  group_id: errorGroupIdSchema,
  group_title: z.string().describe('The message of the group, with what differs masked.'),
  decision: z.array(z.string()).describe('Why it was decided so: each step of the decision that spoke, in order.'),
  verified_by: z
    .enum(['check', 'success'])
    .nullable()
    .describe(
      'What says that it has recovered: the check of its handler, or that its task has succeeded; null where it has not.',
    ),
  next_retry_at: z.string().nullable().describe('When it will be tried again.'),
});

export type ErrorRecord = z.infer<typeof errorRecordSchema>;

/** Failures that look alike: one error type and one masked message. */
export const errorGroupSchema = z.object({
  id: errorGroupIdSchema,
  title: z.string().describe('The message, with what differs masked.'),
  error_type: z.string().describe('The kind of failure.'),
  count: z.int().describe('Records in the group.'),
  by_status: z.record(z.enum(recoveryStatuses), z.int()).describe('Records by how far their recovery is.'),
  waiting: z
    .int()
    .describe(
      'Records that wait for a person: given up, quarantined or of unknown outcome, and of a job that was not cancelled.',
    ),
  outcome_unknown: z.int().describe('Those of them whose outcome is unknown: their tasks are run again by force only.'),
  jobs: z.int().describe('Jobs that it has struck.'),
  first_seen: z.string().describe('When the first of them failed.'),
  last_seen: z.string().describe('When the last of them failed.'),
  example_record_id: errorRecordIdSchema.describe('One of its records.'),
});

export type ErrorGroup = z.infer<typeof errorGroupSchema>;

const recoveryStatusFilter = z.enum(recoveryStatuses).optional().describe('Only records whose recovery is this far.');

export const recoveryLabelSchema = z
  .string()
  .regex(/^[^=]+=/, 'key=value')
  .max(limits.labelKeyLength + limits.labelValueLength + 1);

const filterShape = {
  job_id: jobIdSchema.optional(),
  group_id: errorGroupIdSchema.optional(),
  error_type: errorTypeSchema.optional().describe('Only failures of this type, or of a prefix such as `smtp.*`.'),
  recovery_status: recoveryStatusFilter,
  text: z
    .string()
    .min(1)
    .max(searchTextMax)
    .optional()
    .describe('Only records whose message or stack has this text, in whatever case.'),
  job_type: nameSchema(limits.typeLength).optional().describe('Only failures of jobs of this type.'),
  from: timeSchema.optional().describe('Only tasks that failed last at this time or after it.'),
  to: timeSchema.optional().describe('Only tasks that failed last before this time.'),
  label: recoveryLabelSchema.optional().describe('Only failures of jobs with this label, as `key=value`.'),
  tenant: tenantSchema.optional().describe('Only failures of this tenant; nothing for whoever is bound to another.'),
};

export const listErrorsSchema = z.strictObject({
  ...filterShape,
  ...pageShape,
});

/** A page that was looked for without an index may have fewer items than were asked for, and others behind it. */
export const errorPageSchema = pageOf(errorRecordSchema).extend({
  looked_until: z
    .string()
    .optional()
    .describe(
      'Only where the looking has ended before the page was full, as for a text that few of very many records have: the time of the last record that was looked at. next_cursor goes on behind it.',
    ),
});

export type ErrorPage = z.infer<typeof errorPageSchema>;

export const listErrorGroupsSchema = z.strictObject({
  job_id: jobIdSchema.optional(),
  recovery_status: recoveryStatusFilter,
  limit: pageShape.limit,
});

export const errorGroupListSchema = z.object({ items: z.array(errorGroupSchema).describe('The groups.') });

export type ErrorGroupList = z.infer<typeof errorGroupListSchema>;

export const getErrorSchema = z.strictObject({ error_record_id: errorRecordIdSchema });

export const customParamsSchema = z
  .record(nameSchema(limits.idLength), z.unknown())
  .refine((params) => jsonBytes(params) <= limits.customParamsBytes, `at most ${limits.customParamsBytes} bytes as JSON`);

/** How far a person's recovery may go. */
export const recoveryOptionsSchema = z
  .strictObject({
    force: z.boolean().default(false).describe('Also while a retry is already scheduled or the outcome is unknown.'),
    ignore_conditions: z.boolean().default(false).describe('Do not ask retry_conditions again.'),
    custom_params: customParamsSchema.optional().describe('Laid over the payload of the rerun.'),
    from_step: stepNameSchema
      .optional()
      .describe('The step from which the handler runs anew. Absent: it goes on behind the last step that was kept.'),
  })
  .default({ force: false, ignore_conditions: false })
  .describe('How far it may go.');

export const manualRecoverSchema = z
  .strictObject({
    error_record_id: errorRecordIdSchema.optional(),
    group_id: errorGroupIdSchema.optional().describe('Recovers every unrecovered record of a group instead of one.'),
    job_id: jobIdSchema.optional().describe('With group_id: only the records of this job.'),
    recovery_options: recoveryOptionsSchema,
  })
  .refine((data) => (data.error_record_id === undefined) !== (data.group_id === undefined), {
    message: 'exactly one of error_record_id and group_id',
    path: ['error_record_id'],
  });

export type ManualRecover = z.output<typeof manualRecoverSchema>;

export const recoveryReceiptSchema = z.object({
  accepted: z.int().describe('Records whose task is being rerun.'),
  refused: z
    .array(z.object({ error_record_id: z.string().describe('The error record.'), reason: z.string().describe('Why not.') }))
    .describe('Records that are left as they are; at most 20 are named.'),
  refused_count: z.int().describe('How many they are.'),
});

export type RecoveryReceipt = z.infer<typeof recoveryReceiptSchema>;
