import type { CommandContext } from './command-context.js';
import type { ExitCode } from './exit-codes.js';
import { failureOfError } from './failure-of-error.js';
import { failureLines } from './terminal/failure-view.js';
import { outputOf } from './terminal/output.js';

export interface CommonOptions {
  json?: boolean;
}

/**
 * An action that is loaded when it is called, so that each command pays only for what it uses. Whatever goes wrong
 * in it is told in one way, and becomes the exit code.
 */
export function lazily<Args extends unknown[]>(
  load: () => Promise<(context: CommandContext, ...args: Args) => Promise<ExitCode>>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    const json = args.some((argument) => (argument as CommonOptions | undefined)?.json === true);
    process.exitCode = await attempt(json, async (context) => (await load())(context, ...args));
  };
}

/** Runs something of the command line and tells its failure, if it fails. */
export async function attempt(json: boolean, run: (context: CommandContext) => Promise<ExitCode>): Promise<ExitCode> {
  const output = outputOf(json);
  try {
    return await run({ output, environment: process.env });
  } catch (error) {
    const { withoutSecrets } = await import('./terminal/without-secrets.js');
    const failure = failureOfError(error).shown(withoutSecrets);
    if (json) output.result(failure.toJson(), () => []);
    else output.stderr.write(`${failureLines(failure, output).join('\n')}\n`);
    return failure.exitCode;
  }
}
