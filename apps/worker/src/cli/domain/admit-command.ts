import type { CommandTask } from '@kintsugi/contracts';
import { loadsCode, type CommandRule } from './command-rule.js';
import { matchesPattern } from './text-pattern.js';

export interface Refusal {
  error_type: string;
  message: string;
}

export type Admission = { rule: CommandRule; args: string[]; timeoutMs: number } | { refusal: Refusal };

export interface AdmissionParts {
  rules: readonly CommandRule[];
  /** Where the rules are written, for whoever is refused. */
  rulesFile: string;
  /** Where a program of that name is, if the machine has one. */
  locate: (name: string) => string | null;
}

/** Whether a task's command may run, and as what. A refusal holds the very lines that would allow it. */
export function admitCommand(task: CommandTask, parts: AdmissionParts): Admission {
  const [name, ...args] = task.argv;
  const rule = parts.rules.find((candidate) => candidate.name === name);
  if (!rule) return refuse('cli.command_not_allowed', `This worker allows no command ${quoted(name)}.`, newRule(task, parts));
  const others = args.filter((text) => !rule.arguments.some((pattern) => matchesPattern(pattern, text)));
  if (others.length > 0) {
    const said = `The command ${name} is not allowed with ${others.map(quoted).join(', ')}.`;
    return refuse('cli.argument_not_allowed', said, addition(rule, parts, 'arguments', others.map(literalPattern)));
  }
  const variable = Object.keys(task.env ?? {}).find((given) => !rule.environment.includes(given) || loadsCode(given));
  if (variable !== undefined) return refuseVariable(rule, variable, parts);
  const seconds = Math.min(task.timeout_s ?? rule.timeout_s, rule.timeout_s);
  return { rule, args: [...rule.leading_arguments, ...args], timeoutMs: seconds * 1000 };
}

function refuseVariable(rule: CommandRule, variable: string, parts: AdmissionParts): Admission {
  const said = `A task may not set the environment variable ${variable} of the command ${rule.name}.`;
  const advice = loadsCode(variable)
    ? 'It decides what code is run, so no rule can allow it. A rule may give it a value of its own under set_environment.'
    : addition(rule, parts, 'environment', [variable]);
  return refuse('cli.environment_not_allowed', said, advice);
}

function refuse(error_type: string, said: string, advice: string): Admission {
  return { refusal: { error_type, message: `${said} ${advice}` } };
}

function newRule({ argv }: CommandTask, { rulesFile, locate }: AdmissionParts): string {
  const [name, ...args] = argv;
  const executable = locate(name) ?? '/where/it/is';
  const patterns = [...new Set(args.map(literalPattern))].map(quoted).join(', ');
  return `These lines in ${rulesFile} allow it, at once:\ncommands:\n  - name: ${quoted(name)}\n    executable: ${quoted(executable)}\n    arguments: [${patterns}]`;
}

function addition(rule: CommandRule, { rulesFile }: AdmissionParts, field: 'arguments' | 'environment', more: string[]): string {
  const values = [...new Set([...rule[field], ...more])].map(quoted).join(', ');
  return `These lines in ${rulesFile} allow it, at once:\ncommands:\n  - name: ${quoted(rule.name)}\n    executable: ${quoted(rule.executable)}\n    ${field}: [${values}]`;
}

/** A pattern that an argument matches. Control characters are matched by no narrower one. */
function literalPattern(argument: string): string {
  return /\p{Cc}/u.test(argument) ? '**' : argument;
}

/** JSON text is YAML too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
