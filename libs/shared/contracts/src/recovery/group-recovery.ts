import { z } from 'zod';
import { uuidPattern } from '../identifiers.js';
import type { Operation } from '../operation.js';
import { limits } from '../limits.js';
import { pageOf, pageShape } from '../page.js';
import { jobIdSchema, nameSchema } from '../job/batch-job.js';
import { timeSchema } from '../period.js';
import {
  errorGroupIdSchema,
  errorRecordIdSchema,
  errorTypeSchema,
  recoveryLabelSchema,
  recoveryOptionsSchema,
} from './error-record.js';
import { recoveryWaitSchema, recoveryWaitShape } from './recovery-wait.js';

/** Where the recovery of a group stands. The last three are ends. */
export const groupRecoveryStates = ['waiting', 'canary', 'ramping', 'completed', 'stopped', 'cancelled'] as const;

export type GroupRecoveryState = (typeof groupRecoveryStates)[number];

/** What has become of one record of a group that is recovered. */
export const recoveryItemStates = ['chosen', 'ordered', 'recovered', 'failed', 'refused'] as const;

export type RecoveryItemState = (typeof recoveryItemStates)[number];

/** Records that a canary may have. */
const canarySizeMax = 1_000;
/** Records a second that a recovery may order. */
const ratePerSecondMax = 1_000;
/** The longest pace: one record in 100 s. */
const ratePerSecondMin = 0.01;

export const groupRecoveryIdSchema = z
  .string()
  .regex(new RegExp(`^rcv_${uuidPattern}$`), 'an id like rcv_ and a UUID')
  .describe('The recovery of a group.');

/** The records of a recovery, by what they have in common. */
export const recoveryFilterSchema = z
  .strictObject({
    error_record_id: errorRecordIdSchema.optional().describe('Only this error record.'),
    job_id: jobIdSchema.optional().describe('Only failures of this job.'),
    error_type: errorTypeSchema.optional().describe('Only failures of this type, or of a prefix such as `smtp.*`.'),
    job_type: nameSchema(limits.typeLength).optional().describe('Only failures of jobs of this type.'),
    label: recoveryLabelSchema.optional().describe('Only failures of jobs with this label, as `key=value`.'),
    from: timeSchema.optional().describe('Only tasks that failed last at this time or after it.'),
    to: timeSchema.optional().describe('Only tasks that failed last before this time.'),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), 'at least one of its fields');

export type RecoveryFilter = z.output<typeof recoveryFilterSchema>;

const canarySchema = z.strictObject({
  size: z.int().min(0).max(canarySizeMax).default(5).describe('So many records first; 0 for no canary.'),
  min_success: z
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe(
      'The share of them that has to recover before the others are run. The same share is asked of the last 20, or as many as the canary has, from then on: below it the recovery stops by itself.',
    ),
});

export const recoverGroupSchema = z
  .strictObject({
    group_id: errorGroupIdSchema.optional(),
    filter: recoveryFilterSchema.optional().describe('Beside a group: only these of its records. Without one: these of all.'),
    recovery_options: recoveryOptionsSchema,
    canary: canarySchema.default({ size: 5, min_success: 0.8 }).describe('What is run first, to be judged.'),
    ...recoveryWaitShape,
    rate_per_second: z
      .number()
      .min(ratePerSecondMin)
      .max(ratePerSecondMax)
      .default(10)
      .describe('Records that are run again a second, at most.'),
    idempotency_key: z
      .string()
      .min(1)
      .max(limits.idempotencyKeyLength)
      .optional()
      .describe('The same key gives the same recovery, however often it is asked for.'),
    dry_run: z.boolean().default(false).describe('Only the plan: nothing is run.'),
  })
  .refine(({ group_id, filter }) => group_id !== undefined || filter !== undefined, {
    message: 'at least one of group_id and filter',
    path: ['group_id'],
  });

export type RecoverGroup = z.output<typeof recoverGroupSchema>;

const count = z.int().min(0);

export const groupRecoverySchema = z.object({
  id: groupRecoveryIdSchema,
  group_id: errorGroupIdSchema.nullable().describe('The group; null where a filter alone says which records.'),
  filter: z.record(z.string(), z.string()).describe('What of it, or of all records.'),
  recovery_options: z
    .object({
      force: z.boolean().describe('As it was asked for.'),
      ignore_conditions: z.boolean().describe('As it was asked for.'),
    })
    .describe('How far it may go.'),
  canary: z
    .object({ size: count.describe('Records.'), min_success: z.number().describe('The share that has to recover.') })
    .describe('What is run first, to be judged.'),
  rate_per_second: z.number().describe('Records a second, at most.'),
  state: z
    .enum(groupRecoveryStates)
    .describe(
      'waiting: for what `when` says; canary: the first are run and judged; ramping: the others follow; completed, stopped (by itself) or cancelled.',
    ),
  reason: z.string().nullable().describe('Why it is there.'),
  state_at: z.string().describe('Since when.'),
  waits_for: z
    .array(recoveryWaitSchema)
    .describe('What it waits for, or has waited for, as it stood when it was looked at last.'),
  waits_until: z.string().nullable().describe('Until when it waits at most; null where it waits for nothing.'),
  requested_by: z.string().describe('Who asked for it.'),
  requested_at: z.string().describe('When.'),
  records: count.describe('Records that had not recovered when it began; counted up to 100,000.'),
  counts: z
    .object({
      chosen: count.describe('About to be ordered.'),
      ordered: count.describe('Ordered; the outcome is awaited.'),
      recovered: count.describe('The task has succeeded.'),
      failed: count.describe('The task has failed again, and for good.'),
      refused: count.describe('Left as they are.'),
    })
    .describe('Records by what has become of them.'),
});

export type GroupRecovery = z.infer<typeof groupRecoverySchema>;

export const groupRecoveryPlanSchema = z.object({
  records: count.describe('Records that have not recovered; counted up to 100,000.'),
  checked: count.describe('Records that were looked at for the plan: the newest 1,000.'),
  refused_count: count.describe('Those of them that are left as they are.'),
  refused: z
    .array(z.object({ error_record_id: z.string().describe('The error record.'), reason: z.string().describe('Why.') }))
    .describe('The first 20 of them.'),
  estimated_seconds: z.number().describe('How long ordering all takes at the rate, without the canary.'),
  warnings: z.array(z.string()).describe('What to think of before.'),
});

export type GroupRecoveryPlan = z.infer<typeof groupRecoveryPlanSchema>;

export const groupRecoveryAnswerSchema = z.object({
  plan: groupRecoveryPlanSchema.describe('What it comes to.'),
  recovery: groupRecoverySchema.nullable().describe('The recovery that has begun; null for a plan.'),
});

export type GroupRecoveryAnswer = z.infer<typeof groupRecoveryAnswerSchema>;

export const listGroupRecoveriesSchema = z.strictObject({
  group_id: errorGroupIdSchema.optional(),
  state: z.enum(groupRecoveryStates).optional().describe('Only those in this state.'),
  ...pageShape,
});

export const groupRecoveryPageSchema = pageOf(groupRecoverySchema);

export type GroupRecoveryPage = z.infer<typeof groupRecoveryPageSchema>;

export const getGroupRecoverySchema = z.strictObject({ recovery_id: groupRecoveryIdSchema });

export const listRecoveryItemsSchema = z.strictObject({
  recovery_id: groupRecoveryIdSchema,
  state: z.enum(recoveryItemStates).optional().describe('Only records of which this has become.'),
  ...pageShape,
});

export const recoveryItemPageSchema = pageOf(
  z.object({
    error_record_id: z.string().describe('The error record.'),
    state: z.enum(recoveryItemStates).describe('What has become of it.'),
    stage: z.enum(['canary', 'ramping']).describe('The part of the recovery that it was in.'),
    attempt: z.int().describe('The run that had failed when it was chosen.'),
    reason: z.string().nullable().describe('Why it was refused or has failed.'),
    at: z.string().describe('Since when.'),
  }),
);

export type RecoveryItemPage = z.infer<typeof recoveryItemPageSchema>;

/** What can be asked of recoveries of groups. */
export const groupRecoveryOperations = {
  recoverGroup: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'operator',
    tenancy: 'records',
    about:
      'Runs the tasks of a group of failures again: a few first, and when enough of them recover the others, at a rate. It stops by itself when they fail.',
    answerTimeoutMs: 60_000,
    request: recoverGroupSchema,
    response: groupRecoveryAnswerSchema,
  },
  cancelGroupRecovery: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'operator',
    tenancy: 'records',
    about: 'Ends the recovery of a group: nothing more is ordered, and what was ordered runs on.',
    request: getGroupRecoverySchema,
    response: groupRecoverySchema,
  },
  approveGroupRecovery: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'operator',
    tenancy: 'records',
    about:
      'Approves the recovery of a group that waits for it: by somebody else than who has asked for it, with the role that it names.',
    request: getGroupRecoverySchema,
    response: groupRecoverySchema,
  },
  listGroupRecoveries: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'Recoveries of groups, newest first.',
    request: listGroupRecoveriesSchema,
    response: groupRecoveryPageSchema,
  },
  getGroupRecovery: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'The recovery of a group, with how far it is.',
    request: getGroupRecoverySchema,
    response: groupRecoverySchema,
  },
  listRecoveryItems: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'What the recovery of a group has done about each record.',
    request: listRecoveryItemsSchema,
    response: recoveryItemPageSchema,
  },
} as const satisfies Record<string, Operation>;
