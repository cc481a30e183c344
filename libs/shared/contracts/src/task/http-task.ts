import { z } from 'zod';
import { defineJob } from '../job/define-job.js';
import { limits } from '../limits.js';

export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const headersMax = 64;
const headerLength = 8 * 1024;
const timeoutSecondsMax = 3600;
const answerBytesMax = 16 * 1024 * 1024;

const headerNameSchema = z
  .string()
  .max(limits.idLength)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'the name of an HTTP header');

const headerValueSchema = z
  .string()
  .max(headerLength)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'text without control characters');

/** A secret that the worker knows by name: its value is never part of a job. */
const secretSchema = z.strictObject({ secret: z.string().min(1).max(limits.idLength).describe('Its name at the worker.') });

const statusSchema = z.int().min(200).max(599);

/** One HTTP request as a task, so that any service in any language can do the work. */
export const httpTaskSchema = z.strictObject({
  method: z.enum(httpMethods).default('POST').describe('How it is asked.'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(limits.taskBytes)
    .describe('What is asked, http or https, without user and password.'),
  headers: z
    .record(headerNameSchema, z.union([headerValueSchema, secretSchema]))
    .refine((headers) => Object.keys(headers).length <= headersMax, `at most ${headersMax} headers`)
    .default({})
    .describe('Headers; a value may be {"secret": NAME}, which the worker puts in.'),
  body: z.unknown().optional().describe('A text is sent as it is, anything else as JSON.'),
  expected_status: z
    .array(statusSchema)
    .min(1)
    .max(20)
    .optional()
    .describe('Statuses that are a success; 200 to 299 when absent.'),
  timeout_s: z
    .number()
    .positive()
    .max(timeoutSecondsMax)
    .default(30)
    .describe('Seconds for the whole exchange, redirects included.'),
  max_bytes: z
    .int()
    .min(0)
    .max(answerBytesMax)
    .default(1024 * 1024)
    .describe('Bytes of the answer; one that is longer is a failure.'),
  follow_redirects: z.boolean().default(true).describe('Whether up to five redirects are followed.'),
});

export type HttpTask = z.output<typeof httpTaskSchema>;

/** The answer, as far as it is kept. */
export const httpResultSchema = z.object({
  status: z.int().describe('The status of the answer.'),
  url: z.string().describe('What answered, after redirects.'),
  headers: z.record(z.string(), z.string()).describe('Headers of the answer that say what it is.'),
  body: z.unknown().describe('JSON where the answer is JSON and short enough to be kept, else its beginning as text.'),
  body_bytes: z.int().describe('Bytes of its body.'),
  duration_ms: z.number().describe('How long it took.'),
});

export type HttpResult = z.output<typeof httpResultSchema>;

/** Jobs of HTTP requests, which the built-in worker makes. */
export const httpRequest = defineJob({ type: 'http_request', payload: httpTaskSchema, result: httpResultSchema });
