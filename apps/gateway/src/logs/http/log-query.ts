import { z } from 'zod';
import { limits, logFilterShape } from '@kintsugi/contracts';

const wholeNumber = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .optional();

/** The query of `GET /v1/jobs/{id}/logs`. */
export const logQuerySchema = z.strictObject({
  ...logFilterShape,
  attempt: wholeNumber(limits.attempts).describe('Only lines of this run of each task.'),
  from_line: wholeNumber(999_999_999).describe('Only lines from this number on, as each run counts them.'),
  to_line: wholeNumber(999_999_999).describe('Only lines up to this number.'),
  last: wholeNumber(limits.logPageLines).describe('Begin so many lines before the end, of those that the filters are about.'),
  limit: wholeNumber(limits.logPageLines).describe('Lines of one answer.'),
  cursor: z.string().max(60).optional().describe('The next_cursor of the answer before.'),
  follow: z
    .enum(['', 'true', 'false'])
    .transform((given) => given !== 'false')
    .optional()
    .describe('Server-sent events: `lines` with what there is and what comes, `end` once the job is over.'),
});

export type LogQuery = z.output<typeof logQuerySchema>;

/** The query of `GET /logs/download/{id}`. */
export const downloadQuerySchema = z.strictObject({ task_id: logFilterShape.task_id });

export type DownloadQuery = z.output<typeof downloadQuerySchema>;
