import { expect, test } from '@jest/globals';
import { exitCodeOfTask } from './command-exit.js';

const failed = (error_type: string, result: unknown = null) => ({
  state: 'dead',
  result,
  error: { error_type, error_message: 'm' },
});

test.each([
  ['that succeeded', { state: 'succeeded', result: { exit_code: 0 }, error: null }, 0],
  ['that was cancelled', { state: 'cancelled', result: null, error: null }, 130],
  ['with an exit code of its own', failed('cli.exit.3', { exit_code: 3, signal: null }), 3],
  ['whose output tells of the network', failed('net.dns', { exit_code: 6, signal: null }), 6],
  ['that a signal ended', failed('cli.signal.SIGKILL', { exit_code: null, signal: 'SIGKILL' }), 137],
  ['that ran too long', failed('cli.timeout', { exit_code: null, signal: 'SIGTERM' }), 124],
  ['that is not allowed', failed('cli.command_not_allowed'), 126],
  ['with an argument that is not allowed', failed('cli.argument_not_allowed'), 126],
  ['whose program is not there', failed('cli.not_found'), 127],
  ['that could not be started', failed('cli.not_started.EACCES'), 126],
  ['whose worker was lost', failed('worker.lost'), 1],
])('a command %s', (_, task, code) => {
  expect(exitCodeOfTask(task)).toBe(code);
});
