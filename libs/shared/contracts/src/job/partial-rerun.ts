import { z } from 'zod';
import { limits } from '../limits.js';
import { taskIdPattern } from '../identifiers.js';
import { comparingOperators, refuseUnfitValue } from '../recovery/compare-condition.js';
import { errorGroupIdsSchema, recoveryLabelSchema } from '../recovery/error-record.js';
import { isErrorTypePattern } from '../recovery/error-type-pattern.js';
import { jsonBytes } from '../utf8-bytes.js';
import { taskStates, type TaskState } from '../task/task-state.js';
import { jobIdSchema, nameSchema } from './batch-job.js';
import { jobReceiptSchema } from './job-requests.js';

const states = taskStates as [TaskState, ...TaskState[]];
const wordSchema = nameSchema(limits.idLength);

function someOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).min(1).max(limits.rerunSelectors).optional();
}

const conditionsMax = 20;

/** What a rerun is made of: as its job was made, or as it would be made now. */
const rerunDefinitions = ['original', 'latest'] as const;

/** Which outputs a rerun keeps: all of what has succeeded, or those that would come of the same inputs now. */
const rerunReuses = ['succeeded', 'unchanged'] as const;

/** What a condition of a rerun may ask about, beside the labels and the payload of a task. */
export const rerunConditionFields = [
  ...['state', 'error_type', 'error_message', 'attempts', 'took_ms', 'task_id', 'key', 'data_type'],
] as const satisfies string[];

const conditionFieldPattern = new RegExp(
  `^(?:${rerunConditionFields.join('|')}|labels\\..{1,${limits.labelKeyLength}}|payload\\.[^.].{0,${limits.idLength}})$`,
);

const comparedSchema = z.union([z.string(), z.number(), z.boolean()]);

export const rerunConditionSchema = z
  .strictObject({
    field: z
      .string()
      .regex(conditionFieldPattern, `one of ${rerunConditionFields.join(', ')}, labels.KEY, or payload.KEY`)
      .describe(
        `A field of the task: ${rerunConditionFields.join(', ')}, labels.KEY, or payload.KEY, with a dot for each level.`,
      ),
    operator: z.enum(comparingOperators).describe('How the field is compared.'),
    value: z
      .union([comparedSchema, z.array(comparedSchema)])
      .refine((value) => jsonBytes(value) <= limits.conditionValueBytes, `at most ${limits.conditionValueBytes} bytes as JSON`)
      .describe('What it is compared with.'),
  })
  .superRefine(refuseUnfitValue);

export type RerunCondition = z.output<typeof rerunConditionSchema>;

export const rerunPartialSchema = z.strictObject({
  job_id: jobIdSchema,
  task_ids: someOf(z.string().min(1).max(limits.idLength)).describe('Only these tasks: ids of the platform, or your own.'),
  states: someOf(z.enum(states)).describe('Only tasks in one of these states.'),
  error_types: someOf(z.string().min(1).max(limits.idLength).refine(isErrorTypePattern, 'a star only at the end')).describe(
    'Only tasks whose last error is of one of these types, such as smtp.451 or smtp.*.',
  ),
  data_types: someOf(wordSchema).describe('Only tasks whose payload has one of these as its data_type.'),
  group_ids: errorGroupIdsSchema
    .optional()
    .describe(
      `Only tasks whose failures are in one of these groups. More than ${limits.rerunGroupTasks} tasks of the job in them are refused.`,
    ),
  labels: someOf(recoveryLabelSchema).describe(
    'Only tasks with one of these labels, as `key=value`: those of the job, and over them those in the `labels` of the payload.',
  ),
  conditions: z
    .array(rerunConditionSchema)
    .min(1)
    .max(conditionsMax)
    .optional()
    .describe('Of what is selected, only tasks for which all of these hold. What cannot be compared does not hold.'),
  only_failed: z.boolean().default(true).describe('Leave out tasks that have succeeded, whatever selects them.'),
  include_downstream: z
    .boolean()
    .default(true)
    .describe('Also all that waits for what is run again. What was given up because of it is run again in any case.'),
  include_upstream: z
    .boolean()
    .default(false)
    .describe('Also what has not succeeded and is waited for. Without it, such tasks refuse those that wait for them.'),
  parameters: z
    .record(z.string(), z.unknown())
    .refine((value) => jsonBytes(value) <= limits.customParamsBytes, `at most ${limits.customParamsBytes} bytes`)
    .optional()
    .describe('Laid over the payload of each task that is run again.'),
  definition: z
    .enum(rerunDefinitions)
    .default('original')
    .describe(
      'original: as the job was made. latest: as its schedule says now, by the label `schedule`, or else as its newest run has it. Of what is run again, the payloads; of the new job, what it is held to. The plan says what differs.',
    ),
  reuse: z
    .enum(rerunReuses)
    .default('succeeded')
    .describe(
      'Which outputs are kept. succeeded: those of all that has succeeded and is not part of the rerun. unchanged: by content key, of this job or another run of it, those made of the inputs that the task would get now; also in place of what is selected. What was made of other inputs has to run again.',
    ),
  dry_run: z.boolean().default(false).describe('Only the plan: nothing is made.'),
});

export type RerunPartial = z.output<typeof rerunPartialSchema>;

/** Why a task is part of a rerun. */
export const rerunReasons = ['selected', 'downstream', 'upstream'] as const;

/** Why a task that is waited for refuses those that wait for it. */
const rerunRefusals = ['not_succeeded', 'changed'] as const;

const plannedTaskSchema = z.object({
  task_id: z.string().regex(taskIdPattern).describe('The task in the job that is run again in part.'),
  key: z.string().nullable().describe("The caller's own id of it."),
  state: z.enum(states).describe('The state that it is in.'),
});

const keyedTaskSchema = plannedTaskSchema.extend({
  content_key: z
    .string()
    .nullable()
    .describe(
      'With reuse: unchanged, what its output follows from: the hash of the type, its own payload as it would run, and the outputs of those that it waits for. Null otherwise, and where one of these runs again before.',
    ),
});

const definitionSchema = z
  .object({
    asked: z.enum(rerunDefinitions).describe('Which was asked for.'),
    from: z
      .enum(['job', 'run', 'schedule'])
      .describe('What it was read from: the job itself, its newest run, or the schedule that made it.'),
    name: z.string().describe('The id of that job, or the name of that schedule.'),
    differs: z
      .array(
        z.object({
          field: z.string().describe('A field of the job.'),
          original: z.unknown().describe('What the job has; null where nothing was said.'),
          latest: z.unknown().describe('What the new one gets.'),
        }),
      )
      .describe('Where the new job is not as this one.'),
    tasks_changed: z.int().min(0).describe('Tasks of the job, run again or not, whose payload is another one there.'),
  })
  .describe('What the new job is made of.');

function listOf<Item extends z.ZodType>(item: Item, what: string) {
  return z
    .object({
      total: z.int().describe('How many.'),
      tasks: z.array(item).describe(`The first ${limits.pageSize} of them, in their order.`),
    })
    .describe(what);
}

export const rerunPlanSchema = z.object({
  job_id: jobIdSchema.describe('The job of which a part is run again.'),
  dry_run: z.boolean().describe('Whether this is only the plan.'),
  rerun: listOf(
    keyedTaskSchema.extend({ because: z.enum(rerunReasons).describe('Why it is part of the rerun.') }),
    'What is run again.',
  ),
  reuse: listOf(
    keyedTaskSchema.extend({ from_job_id: jobIdSchema.describe('The run of the job that made the output.') }),
    'What has succeeded and is kept, with its results, for those that wait for it.',
  ),
  left_out: listOf(plannedTaskSchema, 'What has not succeeded and is not run again: it is skipped.'),
  refused: listOf(
    plannedTaskSchema.extend({
      waits_for: z.string().describe('A task that it cannot be run after as that stands, and that is not part of the rerun.'),
      because: z
        .enum(rerunRefusals)
        .describe('not_succeeded: that one has no output. changed: it has one that was made of other inputs.'),
    }),
    'What cannot be run again, because it waits for what is left out or out of date. Nothing is made while there is any.',
  ),
  definition: definitionSchema,
  estimated_run_ms: z.number().nullable().describe('What the last runs of these tasks took together; null where none has run.'),
  warnings: z.array(z.string()).describe('What to think of before: effects that may be had twice, and others.'),
  run: z
    .object({
      ...jobReceiptSchema.omit({ replayed: true }).shape,
      retry_count: z.int().min(1).describe('Which run after the first it is.'),
    })
    .nullable()
    .describe('The job that runs it now; null for a plan.'),
});

export type RerunPlan = z.output<typeof rerunPlanSchema>;
