import { z } from 'zod';
import { tenantSchema } from '../access/tenant.js';
import { taskIdPattern } from '../identifiers.js';
import { jobIdSchema } from '../job/batch-job.js';
import { limits } from '../limits.js';
import { pageOf, pageShape } from '../page.js';
import {
  errorGroupIdSchema,
  errorGroupIdsSchema,
  errorGroupSchema,
  errorRecordIdSchema,
  errorTypeSchema,
} from './error-record.js';
import { timeSchema } from '../period.js';
import { splitFromSchema } from './group-split.js';

/** How far people are with a group of failures. */
export const groupStates = ['open', 'acknowledged', 'resolved', 'ignored'] as const;

export type GroupState = (typeof groupStates)[number];

const stateSchema = z.enum(groupStates);
const personSchema = z.string().min(1).max(limits.idLength);
const noteLengthMax = 2_000;

/** Failures of one kind, whatever jobs they struck, and what people do about them. */
export const failureGroupSchema = z.object({
  id: errorGroupIdSchema,
  tenant: tenantSchema.describe('Whose failures they are.'),
  error_type: z.string().describe('The kind of failure.'),
  title: z.string().describe('The message, with <*> for what differs.'),
  frames: z.array(z.string()).describe("The topmost calls of the stack that are the handler's own."),
  state: stateSchema.describe(
    'open, acknowledged, resolved, or ignored until a time or a count. A failure after `resolved` opens it again.',
  ),
  state_at: z.string().describe('Since when it has that state.'),
  ignored_until: z.string().nullable().describe('With `ignored`: it is open again from this time on.'),
  ignored_for_count: z.int().nullable().describe('With `ignored`: for so many more failures; the next one opens it again.'),
  assignee: z.string().nullable().describe('Who sees to it.'),
  note: z.string().nullable().describe('What people want to remember of it.'),
  count: z.int().describe('Failures since the first, retries that failed included.'),
  first_seen: z.string().describe('When the first of them happened.'),
  last_seen: z.string().describe('When the last of them happened.'),
  per_hour: z.array(z.int()).describe('Failures of each of the last 24 hours, oldest first; the last is the hour under way.'),
  job_types: z.array(z.string()).describe('Types of the jobs that it has struck, the first 20.'),
  versions: z.array(z.string()).describe('Versions of workers that it has struck, the last 10, newest first.'),
  recent_job_ids: z.array(z.string()).describe('Jobs that it struck last.'),
  example_record_id: errorRecordIdSchema.describe('One of its records.'),
  regressions: z.int().describe('How often it came back after it was resolved.'),
  regressed_at: z.string().nullable().describe('When it came back last.'),
  merged_group_ids: z.array(z.string()).describe('Groups that were made part of it, the first 100.'),
  split_from: splitFromSchema.nullable().describe('What it was split off from; null where it began by itself.'),
  split_group_ids: z.array(z.string()).describe('Groups that were split off from it, 100 at most.'),
});

export type FailureGroup = z.infer<typeof failureGroupSchema>;

export const listGroupsSchema = z.strictObject({
  state: stateSchema.optional().describe('Only groups in this state.'),
  error_type: errorTypeSchema.optional(),
  assignee: personSchema.optional().describe('Only groups that this person sees to.'),
  ...pageShape,
});

export const groupPageSchema = pageOf(failureGroupSchema);

export type GroupPage = z.infer<typeof groupPageSchema>;

export const getGroupSchema = z.strictObject({ group_id: errorGroupIdSchema });

/** A group, and how its records stand. */
export const groupDetailsSchema = failureGroupSchema.extend({
  records: errorGroupSchema
    .pick({ count: true, by_status: true, waiting: true, outcome_unknown: true, jobs: true })
    .extend({
      of_newest: z
        .int()
        .nullable()
        .describe(
          'Of very many records only so many, the newest, are looked at: every figure but `count` is of those. Null where it is of all.',
        ),
    })
    .describe('The error records that it has now.'),
});

export type GroupDetails = z.infer<typeof groupDetailsSchema>;

export const updateGroupSchema = z
  .strictObject({
    group_id: errorGroupIdSchema,
    state: stateSchema.optional().describe('The state that it is to have.'),
    ignored_until: timeSchema
      .optional()
      .describe('With the state `ignored`: until then; the group is open again from then on, and `group.reopened` tells of it.'),
    ignored_for_count: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .describe(
        'With the state `ignored`: for so many more failures; the next one opens the group again, and `group.reopened` tells of it.',
      ),
    assignee: personSchema.nullable().optional().describe('Who is to see to it; null for nobody.'),
    note: z.string().max(noteLengthMax).nullable().optional().describe('What is to be remembered; null for nothing.'),
  })
  .refine(({ group_id: _, ...changes }) => Object.values(changes).some((change) => change !== undefined), {
    message: 'at least one of state, assignee and note',
    path: ['state'],
  })
  .refine(
    ({ state, ignored_until, ignored_for_count }) => state === 'ignored' || (ignored_until ?? ignored_for_count) === undefined,
    {
      message: 'ignored, as ignored_until and ignored_for_count belong to it',
      path: ['state'],
    },
  );

export const mergeGroupsSchema = z
  .strictObject({
    group_ids: errorGroupIdsSchema.describe('The groups that become part of the other.'),
    into_group_id: errorGroupIdSchema.describe('The group that stays.'),
  })
  .refine(({ group_ids, into_group_id }) => !group_ids.includes(into_group_id), {
    message: 'other groups than the one that stays',
    path: ['group_ids'],
  });

export const listGroupTasksSchema = z.strictObject({
  job_id: jobIdSchema,
  group_ids: errorGroupIdsSchema.describe('The groups that it is about.'),
});

export const groupTasksSchema = z.object({
  task_ids: z
    .array(z.string().regex(taskIdPattern))
    .describe(`Tasks of the job with failures in these groups, ${limits.rerunGroupTasks} at most.`),
  more: z.boolean().describe('Whether there are more.'),
});
