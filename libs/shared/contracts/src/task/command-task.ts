import { z } from 'zod';
import { defineJob } from '../job/define-job.js';
import { nameSchema } from '../job/batch-job.js';
import { limits } from '../limits.js';
import { poolNameSchema, refSchema } from '../pool/pool.js';

const argumentBytesMax = 64 * 1024;
const argumentsMax = 256;
/** A command may run for a week; what its worker allows may be less. */
const timeoutSecondsMax = 7 * 24 * 3600;

/** What the operating system takes as one argument: any text without the character that would end it. */
const argumentSchema = z
  .string()
  .max(argumentBytesMax)
  .refine((text) => !text.includes('\0'), 'text without the character NUL');

const environmentNameSchema = z
  .string()
  .max(limits.idLength)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'letters, digits and _, no digit first');

/** A command as a task: what runs it is a worker's own list of what it allows. No shell reads any of it. */
export const commandTaskSchema = z.strictObject({
  argv: z
    .tuple([nameSchema(limits.idLength)], argumentSchema)
    .refine((argv) => argv.length <= argumentsMax, `at most ${argumentsMax} arguments`)
    .describe('The name of a command that the worker allows, and its arguments.'),
  env: z
    .record(environmentNameSchema, argumentSchema)
    .optional()
    .describe('Environment variables, of those that the worker lets a task set for this command.'),
  secret_env: z
    .array(environmentNameSchema)
    .max(argumentsMax)
    .optional()
    .describe('Names of variables in env whose values are taken out of logs, results and errors before they leave the worker.'),
  cwd: argumentSchema
    .optional()
    .describe("The folder to run in, relative to the worker's folder for commands, or to the slot that it needs."),
  needs: z
    .strictObject({
      pool: poolNameSchema.describe('The pool, of those that the worker lets tasks use.'),
      ref: refSchema.optional().describe('A branch, tag or commit to be at; the branch of the pool when absent.'),
    })
    .optional()
    .describe('A slot of a pool of git working copies to run in: allocated for this run, and given back at its end.'),
  timeout_s: z
    .number()
    .positive()
    .max(timeoutSecondsMax)
    .optional()
    .describe('Seconds after which it is ended; as long as the worker allows when absent.'),
});

export type CommandTask = z.output<typeof commandTaskSchema>;

/** How a command ended, with the beginning and the end of what it said. */
export const commandResultSchema = z.object({
  exit_code: z.int().nullable().describe('The exit code; null where a signal ended it.'),
  signal: z.string().nullable().describe('The signal that ended it.'),
  stdout: z.string().describe('Beginning and end of its standard output.'),
  stderr: z.string().describe('Beginning and end of its standard error.'),
  stdout_bytes: z.int().describe('Bytes that it wrote to standard output.'),
  stderr_bytes: z.int().describe('Bytes that it wrote to standard error.'),
  stdout_dropped_bytes: z.int().describe('Those of them that are not kept.'),
  stderr_dropped_bytes: z.int().describe('Those of them that are not kept.'),
  duration_ms: z.number().describe('How long it ran.'),
});

export type CommandResult = z.output<typeof commandResultSchema>;

/** Jobs of commands, which the built-in worker runs. */
export const executeCli = defineJob({ type: 'execute_cli', payload: commandTaskSchema, result: commandResultSchema });
