import { expect, it } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { inTermsOfTheFile } from './lines-of-the-file.js';

it('a fault of an upload is told with the line of the file', () => {
  const problem = new ProblemError('TASK_INVALID', 'The task at line 8 is not valid: line 8.id TYPE. Nothing was accepted.', {
    errors: [{ path: 'line 8.id', rule: 'TYPE', got: '7', allowed: 'a string' }],
  });
  const told = inTermsOfTheFile(problem, (line) => `line ${line - 1}`) as ProblemError;
  expect(told.message).toBe('The task at line 7 is not valid: line 7.id TYPE. Nothing was accepted.');
  expect(told.extras.errors).toEqual([{ path: 'line 7.id', rule: 'TYPE', got: '7', allowed: 'a string' }]);
  expect(told.code).toBe('TASK_INVALID');
});

it('another error stays as it is', () => {
  const error = new Error('line 8');
  expect(inTermsOfTheFile(error, () => 'elsewhere')).toBe(error);
});
