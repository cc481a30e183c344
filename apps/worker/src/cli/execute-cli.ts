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

export interface ExecuteCliParts {
  rules: RulesFile;
  /** Allowed beside the rules. */
  harmless: readonly CommandRule[];
  commandsFolder: string;
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
    const { task, attempt, signal, resource_limits: own } = context;
    const { commands, output_rules: ownOutputRules } = await parts.rules.current();
    const admitted = admitCommand(task.payload, {
      rules: [...commands, ...parts.harmless],
      rulesFile: parts.rules.path,
      locate: locateProgram,
    });
    if ('refusal' in admitted) throw refusal(admitted.refusal.error_type, admitted.refusal.message);
    const { rule, args, timeoutMs } = admitted;
    const folder = commandFolder(parts.commandsFolder, task.payload.cwd);
    if (folder === null) throw refusal('cli.folder_not_allowed', `${task.payload.cwd} is no folder in ${parts.commandsFolder}.`);
    // Whoever ran it before has lost it, and may have left it running.
    if (attempt > 1) await endMarked(({ taskId }) => taskId === task.id, parts.graceMs);
    const secrets = [...secretsOf(rule, parts.environment), ...secretsOfTask(task.payload)];
    for (const secret of secrets) context.mask(secret);
    const run = await runCommand({
      ...{ executable: rule.executable, args, folder, timeoutMs, graceMs: parts.graceMs, signal },
      limits: { memoryMib: own?.max_memory ?? null, cpuCores: own?.max_cpu ?? null, processes: rule.max_processes },
      environment: environmentOf(rule, context, parts.environment),
      onOutput: context.output,
      onUsage: ({ cpuMs, memoryMib }) => context.usage({ cpu_ms: cpuMs, memory_mib: memoryMib }),
    });
    if (run.leftSomething) await endMarked(({ taskId }) => taskId === task.id, parts.graceMs);
    signal.throwIfAborted();
    return outcomeOf(rule, run, secrets, [...ownOutputRules, ...outputRules]);
  };
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
