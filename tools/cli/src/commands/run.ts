import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@kintsugi/client';
import { executeCli, type Task } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodeOfProgram, exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { Interruption } from '../interruption.js';
import { exitCodeOfTask } from '../jobs/command-exit.js';
import { commandsOf, type NamedCommand } from '../jobs/command-tasks.js';
import { LiveOutput } from '../jobs/live-output.js';
import { waitingAdviceOf } from '../jobs/waiting-words.js';
import { tasksOf } from '../jobs/tasks-of.js';
import type { KeyValue } from '../option-values.js';
import type { Output } from '../terminal/output.js';

export interface RunOptions extends ConnectionOptions {
  env?: KeyValue[];
  cwd?: string;
  pool?: string;
  ref?: string;
  timeout?: number;
  retries?: number;
  dataTypes?: string;
  product?: string;
  group?: string;
  safety?: 'idempotent' | 'keyed' | 'unsafe';
}

const lookEveryMs = 2_000;
const firstRetrySeconds = 5;

/** Runs a command as a job, passes on what it writes while it writes it, and ends with its exit code. Ctrl-C cancels the job. */
export async function run(context: CommandContext, argv: string[], options: RunOptions): Promise<ExitCode> {
  const { output } = context;
  const commands = commandsGiven(argv, options);
  const client = await connect(context, options);
  const interruption = new Interruption();
  try {
    const { job_id: jobId } = await client.submit(executeCli, jobOf(options), commands);
    const live = new LiveOutput(client, jobId, output, commands.length > 1);
    live.start();
    await untilEnd(client, jobId, interruption, output);
    return await tell(client, jobId, live, output);
  } finally {
    interruption.release();
  }
}

function jobOf({ product = 'commands', group = 'run', safety, retries = 0 }: RunOptions) {
  const retry_config = { max_attempts: retries + 1, retry_interval: firstRetrySeconds, retry_on_errors: [] };
  return { product_id: product, sending_group_id: group, retry_config, ...(safety ? { safety } : {}) };
}

function commandsGiven(argv: string[], { dataTypes, env, cwd, pool, ref, timeout }: RunOptions): NamedCommand[] {
  const usage = (message: string, advice: string): Failure => new Failure('USAGE', message, { advice });
  if (dataTypes !== undefined) {
    if (argv.length > 0) throw usage('--data-types and a command exclude each other.', 'The file holds the commands.');
    return commandsOfFile(dataTypes);
  }
  const [name, ...args] = argv;
  if (name === undefined) throw usage('No command is given.', 'It stands after two dashes: ./kintsugi run -- echo hello');
  if (ref !== undefined && pool === undefined) throw usage('--ref is of a slot.', 'Name its pool with --pool.');
  const needs = pool === undefined ? {} : { needs: { pool, ...(ref === undefined ? {} : { ref }) } };
  const environment = env ? { env: Object.fromEntries(env.map(({ key, value }) => [key, value])) } : {};
  const payload = {
    argv: [name, ...args] as [string, ...string[]],
    ...environment,
    ...needs,
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeout === undefined ? {} : { timeout_s: timeout }),
  };
  return [{ id: name.slice(0, 128), payload }];
}

function commandsOfFile(path: string): NamedCommand[] {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new Failure('FILE_UNREADABLE', `${path} cannot be read: ${(error as Error).message}`);
  }
  const commands = commandsOf(text);
  if (typeof commands !== 'string') return commands;
  throw new Failure('FILE_UNREADABLE', `${path} holds no commands by data type: ${commands}`, {
    advice: '{"data_types": [{"name": "prices", "argv": ["fetch", "prices"]}]} is wanted.',
  });
}

/** Waits for the end of the job; the first Ctrl-C cancels it, and the next one no longer waits. */
async function untilEnd(client: Client, jobId: string, interruption: Interruption, output: Output): Promise<void> {
  const watching = new AbortController();
  const told = sayWhatItWaitsFor(client, jobId, watching.signal, output);
  try {
    await followed(client, jobId, interruption.signal);
  } catch (error) {
    if (!interruption.happened) throw error;
    interruption.release();
    output.stderr.write(`Cancelling ${jobId}. Ctrl-C again leaves it.\n`);
    await client.cancelJob(jobId);
    await followed(client, jobId);
  } finally {
    watching.abort();
    await told;
  }
}

async function followed(client: Client, jobId: string, signal?: AbortSignal): Promise<void> {
  for await (const event of client.followJob(jobId, signal ? { signal } : {})) if (event.event === 'job.cancelled') return;
}

/** No event tells that no worker is there. */
async function sayWhatItWaitsFor(client: Client, jobId: string, signal: AbortSignal, output: Output): Promise<void> {
  let said: string | null = null;
  try {
    for (;;) {
      await delay(lookEveryMs, undefined, { signal });
      const words = waitingAdviceOf(await client.getJob(jobId));
      if (words !== null && words !== said) output.stderr.write(`${words}\n`);
      said = words;
    }
  } catch {
    // It is over, or whoever follows the job hears of the same trouble.
  }
}

/** The rest of what the commands have written, and how they ended. The first that failed gives the exit code. */
async function tell(client: Client, jobId: string, live: LiveOutput, output: Output): Promise<ExitCode> {
  const [job, tasks] = await Promise.all([client.getJob(jobId), tasksOf(client, jobId)]);
  await live.finish(tasks);
  for (const task of tasks) tellEnd(task, output);
  const code =
    tasks.map(exitCodeOfTask).find((exitCode) => exitCode !== 0) ??
    (job.status === 'completed' ? exitCodes.ok : exitCodes.failed);
  const value = {
    job_id: jobId,
    status: job.status,
    exit_code: code,
    tasks: tasks.map(({ id, key, state, attempts, result, error }) => ({ id, key, state, attempts, result, error })),
  };
  output.result(value, () => []);
  return exitCodeOfProgram(code);
}

function tellEnd({ result, error, state }: Task, output: Output): void {
  // A command that ran tells its failure itself.
  if (result === null && error) output.pass('stderr', `${error.error_type}: ${error.error_message}\n`);
  else if (state === 'cancelled') output.pass('stderr', 'The command was cancelled.\n');
  else if (error?.error_type === 'cli.timeout') output.pass('stderr', 'The command ran longer than it may, and was ended.\n');
}
