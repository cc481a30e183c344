import { expect, test } from '@jest/globals';
import { failureOfEnd } from './handler-end.js';

test.each([
  [{ exitCode: 3, signal: null, startFault: null }, 'process.exit.3'],
  [{ exitCode: null, signal: 'SIGSEGV', startFault: null }, 'process.signal.SIGSEGV'],
  [{ exitCode: null, signal: null, startFault: 'EAGAIN' }, 'process.not_started'],
])('the end %j of a handler’s process is %s', (end, error_type) => expect(failureOfEnd(end)).toMatchObject({ error_type }));
