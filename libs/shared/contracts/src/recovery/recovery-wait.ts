import { z } from 'zod';
import { limits } from '../limits.js';
import { jobIdSchema } from '../job/batch-job.js';
import { roles } from '../operation.js';
import { isTimeZone } from '../time-zone.js';
import { errorTypeSchema, recoveryLabelSchema } from './error-record.js';

const dayTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day such as 22:00');

/** Longest that a recovery may wait, in seconds. */
const waitSecondsMax = 2_592_000;

const dependencySchema = z.strictObject({
  kind: z.literal('dependency').describe('A dependency is well: for a while nothing has failed because of it.'),
  error_type: errorTypeSchema.describe('How tasks fail while it is not, such as `smtp.*`.'),
  label: recoveryLabelSchema.optional().describe('Only failures of jobs with this label, such as `dependency=mail`.'),
  quiet_seconds: z.int().min(10).max(86_400).default(300).describe('For so long no task must have failed so.'),
});

const windowSchema = z
  .strictObject({
    kind: z.literal('window').describe('It is a certain time of the day.'),
    from: dayTimeSchema.describe('From then on.'),
    to: dayTimeSchema.describe('Before then; one that is earlier than `from` is of the next day.'),
    time_zone: z
      .string()
      .min(1)
      .max(limits.idLength)
      .refine(isTimeZone, 'an IANA time zone such as Europe/Berlin')
      .default('UTC')
      .describe('The IANA time zone that the two are read in.'),
  })
  .refine(({ from, to }) => from !== to, { message: 'another time than from', path: ['to'] });

const jobSchema = z.strictObject({
  kind: z.literal('job').describe('Another job is done.'),
  job_id: jobIdSchema,
  status: z
    .enum(['completed', 'ended'])
    .default('completed')
    .describe('completed: it has succeeded; where it ends otherwise, the recovery stops. ended: however.'),
});

const approvalSchema = z.strictObject({
  kind: z.literal('approval').describe('Somebody else has approved it, by approveGroupRecovery.'),
  role: z.enum(roles).exclude(['viewer']).default('admin').describe('The least role that may.'),
});

export const recoveryConditionSchema = z.discriminatedUnion('kind', [dependencySchema, windowSchema, jobSchema, approvalSchema]);

export type RecoveryCondition = z.output<typeof recoveryConditionSchema>;

export const recoveryWaitShape = {
  when: z
    .array(recoveryConditionSchema)
    .min(1)
    .max(10)
    .optional()
    .describe('It waits until all of these hold at once. Whether they do is looked at every few seconds.'),
  give_up_after_seconds: z
    .int()
    .min(60)
    .max(waitSecondsMax)
    .default(604_800)
    .describe('With `when`: it stops by itself where they have not held at once for so long.'),
};

/** What a recovery waits for, as it was seen last. */
export const recoveryWaitSchema = z.object({
  condition: recoveryConditionSchema.describe('As it was asked for.'),
  holds: z.boolean().describe('Whether it held when it was looked at last.'),
  about: z.string().describe('How it stands, in words.'),
});

export type RecoveryWait = z.infer<typeof recoveryWaitSchema>;
