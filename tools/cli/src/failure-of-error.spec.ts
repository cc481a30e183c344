import { expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { exitCodes } from './exit-codes.js';
import { failureOfError } from './failure-of-error.js';

test.each(['SERVICE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'POOL_HOST_AWAY'] as const)(
  'with %s a part of the platform is not there, which a script can tell from a refusal',
  (code) => {
    expect(failureOfError(new ProblemError(code, 'It is away.'))).toMatchObject({ code, exitCode: exitCodes.unavailable });
  },
);

test('a refusal is no absence', () => {
  expect(failureOfError(new ProblemError('POOL_EXHAUSTED', 'All are taken.'))).toMatchObject({ exitCode: exitCodes.failed });
});
