import { constants } from 'node:os';
import type { CommandResult, Task } from '@kintsugi/contracts';

type EndedTask = Pick<Task, 'state' | 'result' | 'error'>;

/** As shells tell it (POSIX, and timeout of coreutils). */
const codes = { cancelled: 130, timedOut: 124, refused: 126, notFound: 127, ofSignal: 128 };

/** The exit code of a command that ran as a task: its own where it has one, else the one by which a shell would tell its end. */
export function exitCodeOfTask({ state, result, error }: EndedTask): number {
  if (state === 'succeeded') return 0;
  if (state === 'cancelled') return codes.cancelled;
  const type = error?.error_type ?? '';
  if (type === 'cli.timeout') return codes.timedOut;
  if (type === 'cli.not_found') return codes.notFound;
  if (/^cli\.(not_started|\w+_not_allowed)/.test(type)) return codes.refused;
  const { exit_code: exitCode, signal } = (result ?? {}) as Partial<CommandResult>;
  if (typeof exitCode === 'number' && exitCode !== 0) return exitCode;
  return signal ? codes.ofSignal + (constants.signals[signal as NodeJS.Signals] ?? 0) : 1;
}
