import { z } from 'zod';
import { taskIdPattern } from '../identifiers.js';
import { jobIdSchema } from '../job/batch-job.js';
import { limits } from '../limits.js';
import type { Operation } from '../operation.js';
import { logLevels, logStreams } from './log-line.js';
import { timeSchema } from '../period.js';

const taskId = z.string().regex(taskIdPattern, 'the id of a task').describe('Only lines of this task.');
const cursor = z
  .string()
  .regex(/^[0-9a-z]{1,40}\.\d{1,9}$/, 'a cursor that an answer gave')
  .describe('The next_cursor of the answer before: only what follows it.');

/** What a reader of a log may ask for. */
export const logFilterShape = {
  task_id: taskId.optional(),
  stream: z
    .enum(logStreams)
    .optional()
    .describe('Only lines of this stream; `log` is what handlers log, `note` what the platform says.'),
  level: z.enum(logLevels).optional().describe('Only lines of this level or above.'),
  attempt: z.int().min(1).max(limits.attempts).optional().describe('Only lines of this run of each task.'),
  since: timeSchema.optional().describe('Only lines from this time on.'),
  until: timeSchema.optional().describe('Only lines before this time.'),
  text: z.string().min(1).max(1_000).optional().describe('Only lines with this text in them, in just this spelling.'),
  from_line: z.int().min(1).optional().describe('Only lines from this number on, as each run counts them.'),
  to_line: z.int().min(1).optional().describe('Only lines up to this number.'),
};

export const readJobLogSchema = z.strictObject({
  job_id: jobIdSchema,
  ...logFilterShape,
  last: z
    .int()
    .min(1)
    .max(limits.logPageLines)
    .optional()
    .describe('Begin so many lines before the end, of those that the filters are about.'),
  limit: z.int().min(1).max(limits.logPageLines).default(200).describe('Lines of one answer.'),
  cursor: cursor.optional(),
});

export const logLineSchema = z.object({
  at: z.string().describe('When it was written, by the clock of its worker.'),
  task_id: z.string().describe('The task.'),
  attempt: z.int().describe('The run of the task, the first being 1.'),
  line: z.int().describe('Its number in the run, from 1.'),
  stream: z.enum(logStreams).describe('What it was written to; `log` is what handlers log, `note` what the platform says.'),
  level: z.enum(logLevels).describe('How much it matters: what goes to stderr counts as `warn`.'),
  partial: z
    .boolean()
    .optional()
    .describe('true: no line feed follows; it goes on in the next line of its stream, if there is one.'),
  text: z.string().describe('What it says, with its colours and other control characters.'),
});

export type LogLine = z.infer<typeof logLineSchema>;

export const logPageSchema = z.object({
  lines: z.array(logLineSchema).describe('The lines, in the order in which they were stored.'),
  next_cursor: z
    .string()
    .nullable()
    .describe('Where to read on, also after the end, for what comes later; null while there is no log.'),
  at_end: z
    .boolean()
    .describe('Whether nothing more is stored now. A search that takes long answers with what it has found so far.'),
  is_over: z.boolean().describe('The job ended some seconds ago: nothing is to be expected after the end.'),
});

export type LogPage = z.infer<typeof logPageSchema>;

export const readLogTextSchema = z.strictObject({
  job_id: jobIdSchema,
  task_id: taskId.optional(),
  from_byte: z.int().min(0).default(0).describe('Bytes of the text that are left out at its beginning; not with a cursor.'),
  cursor: cursor.optional(),
});

export const logTextSchema = z.object({
  text: z.string().describe('A part of the log as text, whole lines.'),
  skip_bytes: z.int().describe('Bytes at its beginning that were not asked for.'),
  next_cursor: z.string().nullable().describe('Where to read on; null at the end.'),
  total_bytes: z.int().nullable().describe('Bytes of the whole text as it is now; null in answers to a cursor.'),
});

export type LogText = z.infer<typeof logTextSchema>;

/** What is asked of the logs of tasks. */
export const logOperations = {
  readJobLog: {
    service: 'metrics',
    role: 'viewer',
    tenancy: 'job',
    about: 'Lines of what the tasks of a job have written, filtered and a page at a time.',
    answerTimeoutMs: 30_000,
    request: readJobLogSchema,
    response: logPageSchema,
  },
  readLogText: {
    service: 'metrics',
    role: 'viewer',
    tenancy: 'job',
    about: 'The log of a job or a task as text, a part at a time.',
    answerTimeoutMs: 30_000,
    request: readLogTextSchema,
    response: logTextSchema,
  },
} as const satisfies Record<string, Operation>;
