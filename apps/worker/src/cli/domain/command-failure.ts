import { errorTypeInOutput, type OutputRule } from './output-rules.js';

/** How a command ended. */
export interface CommandEnd {
  exitCode: number | null;
  signal: string | null;
  /** It ran longer than it may. */
  timedOut: boolean;
  /** It used more than it may, and was killed for that. */
  excess: { of: 'memory' | 'cpu' | 'processes'; said: string } | null;
  /** Why it could not be started, as the system says. */
  startFault: string | null;
}

export interface CommandFailure {
  error_type: string;
  message: string;
  /** Another try cannot help. */
  non_retryable: boolean;
}

const saidLengthMax = 400;

/** What the end of a command amounts to; null where it succeeded. */
export function failureOf(
  name: string,
  end: CommandEnd,
  said: { stdout: string; stderr: string },
  rules: readonly OutputRule[],
): CommandFailure | null {
  if (end.startFault !== null) return startFailure(name, end.startFault);
  if (end.excess) {
    return {
      ...lasting(`resource.${end.excess.of}`),
      message: `${name} was stopped: ${end.excess.said}.${lastWords(said)}`,
    };
  }
  if (end.timedOut) return { ...lasting('cli.timeout'), message: `${name} ran longer than it may.${lastWords(said)}` };
  if (end.signal !== null) {
    return { ...lasting(`cli.signal.${end.signal}`), message: `${name} was ended by ${end.signal}.${lastWords(said)}` };
  }
  if (end.exitCode === 0) return null;
  const network = errorTypeInOutput(said.stderr, rules) ?? errorTypeInOutput(said.stdout, rules);
  const message = `${name} ended with exit code ${end.exitCode}.${lastWords(said)}`;
  return { ...lasting(network ?? `cli.exit.${end.exitCode}`), message };
}

/** How it is retried is said by the policy of its type. */
function lasting(error_type: string): { error_type: string; non_retryable: boolean } {
  return { error_type, non_retryable: false };
}

function startFailure(name: string, code: string): CommandFailure {
  const isLasting = code === 'ENOENT' || code === 'EACCES' || code === 'ENOEXEC' || code === 'E2BIG';
  const error_type = code === 'ENOENT' ? 'cli.not_found' : `cli.not_started.${code}`;
  return { error_type, message: `${name} could not be started: ${code}.`, non_retryable: isLasting };
}

/** The last line of what it said, which in most programs is the reason. */
function lastWords({ stdout, stderr }: { stdout: string; stderr: string }): string {
  const line = (stderr.trimEnd() || stdout.trimEnd()).split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : ` It said: ${line.slice(-saidLengthMax)}`;
}
