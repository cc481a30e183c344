import { existsSync } from 'node:fs';
import { type executeCli, type CommandResult, type CommandTask } from '@kintsugi/contracts';
import { TaskError, NonRetryable, type JobHandler, type TaskContext } from '@kintsugi/worker-sdk';
import type { RulesFile } from '../rules/rules-file.js';
import { admitCommand } from './domain/admit-command.js';
import { failureOf } from './domain/command-failure.js';
import { commandResult, maskedOutput } from './domain/command-result.js';
import type { CommandRule } from './domain/command-rule.js';
import { outputRules } from './domain/output-rules.js';
import { commandFolder } from './process/command-folder.js';
import { locateProgram, usualPath } from './process/locate-program.js';
import { endMarked, markOf, markVariable } from './process/marked-processes.js';
import { runCommand, type CommandRun } from './process/run-command.js';
import { SlotLoan, type AskPools } from './slot-loan.js';

export interface ExecuteCliParts {
  rules: RulesFile;
  /** Allowed beside the rules. */
  harmless: readonly CommandRule[];
  commandsFolder: string;
  /** Asks the agent of the pools, for commands that need a slot. */
  askPools: AskPools;
  graceMs: number;
  /** The worker's own. */
  environment: NodeJS.ProcessEnv;
}

/** Values that are shorter stand in too many texts that have nothing to do with them. */
const secretLengthMin = 6;

/** The home of who has none, by the convention of Debian. */
const nobodysHome = '/nonexistent';

/** Bytes of output in which the reason of a failure is looked for. */
const searchedBytes = 8 * 1024;

/** Runs the command of a task, if this worker allows it. */
export function executeCliHandler(parts: ExecuteCliParts): JobHandler<typeof executeCli> {
  return async (context) => {
    const { task, attempt } = context;
    const { commands, pools, output_rules: ownOutputRules } = await parts.rules.current();
    const admitted = admitCommand(task.payload, {
      rules: [...commands, ...parts.harmless],
      rulesFile: parts.rules.path,
      locate: locateProgram,
    });
    if ('refusal' in admitted) throw refusal(admitted.refusal.error_type, admitted.refusal.message);
    const { needs } = task.payload;
    if (needs && !pools.includes(needs.pool)) throw poolRefusal(needs.pool, pools, parts.rules.path);
    // Whoever ran it before has lost it, and may have left it running.
    if (attempt > 1) await endMarked(({ taskId }) => taskId === task.id, parts.graceMs);
    const secrets = [...secretsOf(admitted.rule, parts.environment), ...secretsOfTask(task.payload)];
    for (const secret of secrets) context.mask(secret);
    const run = needs
      ? await runInSlot(needs, admitted, context, parts)
      : await runIn(parts.commandsFolder, admitted, context, parts);
    return outcomeOf(admitted.rule, run, secrets, [...ownOutputRules, ...outputRules]);
  };
}

interface Admitted {
  rule: CommandRule;
  args: string[];
  timeoutMs: number;
}

/** Runs it in a folder of those in `root`. Nothing that it has started is left. */
async function runIn(
  root: string,
  { rule, args, timeoutMs }: Admitted,
  context: TaskContext<CommandTask>,
  { graceMs, environment }: ExecuteCliParts,
  signal: AbortSignal = context.signal,
): Promise<CommandRun> {
  const { task, resource_limits: own } = context;
  const folder = commandFolder(root, task.payload.cwd);
  if (folder === null) throw refusal('cli.folder_not_allowed', `${task.payload.cwd} is no folder in ${root}.`);
  const run = await runCommand({
    ...{ executable: rule.executable, args, folder, timeoutMs, graceMs, signal },
    limits: { memoryMib: own?.max_memory ?? null, cpuCores: own?.max_cpu ?? null, processes: rule.max_processes },
    environment: environmentOf(rule, context, environment),
    onOutput: context.output,
    onUsage: ({ cpuMs, memoryMib }) => context.usage({ cpu_ms: cpuMs, memory_mib: memoryMib }),
  });
  if (run.leftSomething) await endMarked(({ taskId }) => taskId === task.id, graceMs);
  signal.throwIfAborted();
  return run;
}

/** Runs it in a slot of a pool, which is given back however it ends. */
async function runInSlot(
  needs: NonNullable<CommandTask['needs']>,
  admitted: Admitted,
  context: TaskContext<CommandTask>,
  parts: ExecuteCliParts,
): Promise<CommandRun> {
  const { task, signal, log } = context;
  const loan = await SlotLoan.of(needs, { taskId: task.id, jobId: task.job_id, signal, log }, parts.askPools);
  let wasKilled = true;
  try {
    if (!existsSync(loan.path)) throw elsewhere(loan.path);
    const run = await runIn(loan.path, admitted, context, parts, AbortSignal.any([signal, loan.signal]));
    wasKilled = run.signal !== null || run.timedOut;
    return run;
  } finally {
    // A process that went its own way would keep the slot from being cleaned.
    await endMarked(({ taskId }) => taskId === task.id, parts.graceMs);
    await loan.giveBack(wasKilled);
  }
}

function elsewhere(path: string): TaskError {
  return new TaskError(`${path} is not on this machine: a worker that gives commands slots runs where the pool agent runs.`, {
    error_type: 'pool.elsewhere',
  });
}

function poolRefusal(pool: string, pools: readonly string[], rulesFile: string): NonRetryable {
  const lines = `pools: ${JSON.stringify([...pools, pool])}`;
  return refusal(
    'cli.pool_not_allowed',
    `This worker lets no command use the pool ${pool}. These lines in ${rulesFile} allow it, at once:\n${lines}`,
  );
}

function outcomeOf(rule: CommandRule, run: CommandRun, secrets: string[], rules: typeof outputRules): CommandResult {
  const result = commandResult(run, secrets);
  // Masked before words are cut out of it: a part of a secret would not be known again.
  const said = {
    stdout: maskedOutput(run.stdout.textOf(searchedBytes), secrets),
    stderr: maskedOutput(run.stderr.textOf(searchedBytes), secrets),
  };
  const failure = failureOf(rule.name, run, said, rules);
  if (failure === null) return result;
  const { error_type, non_retryable, message } = failure;
  throw new TaskError(message, { error_type, non_retryable, result });
}

function refusal(error_type: string, message: string): NonRetryable {
  return new NonRetryable(message, { error_type });
}

function secretsOf(rule: CommandRule, environment: NodeJS.ProcessEnv): string[] {
  const values = rule.pass_environment.flatMap((name) => environment[name] ?? []);
  return values.filter((value) => value.length >= secretLengthMin);
}

/** Values of variables that the job calls secret. */
function secretsOfTask({ env = {}, secret_env: names = [] }: CommandTask): string[] {
  return names.flatMap((name) => env[name] || []);
}

/** Nothing of the worker's own environment, where its credentials are, but what the rule hands on. */
function environmentOf(
  rule: CommandRule,
  { task, attempt, run_key }: TaskContext<CommandTask>,
  own: NodeJS.ProcessEnv,
): Record<string, string> {
  const passed = rule.pass_environment.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]] as const]));
  const leash = own['KINTSUGI_LEASH'];
  return {
    PATH: usualPath,
    // A folder that tasks can write to could hold what a program reads as its configuration.
    HOME: nobodysHome,
    LANG: 'C.UTF-8',
    ...task.payload.env,
    ...Object.fromEntries(passed),
    ...rule.set_environment,
    RUN_KEY: run_key,
    KINTSUGI_JOB_ID: task.job_id,
    KINTSUGI_TASK_ID: task.id,
    KINTSUGI_ATTEMPT: String(attempt),
    [markVariable]: markOf(task.id),
    // By this a guardian ends what a platform that was killed has left behind.
    ...(leash === undefined ? {} : { KINTSUGI_LEASH: leash }),
  };
}
