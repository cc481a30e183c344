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

it('a fault of the job itself is told by its field, for it stands on no line of the file', () => {
  const problem = new ProblemError('VALIDATION_FAILED', 'line 1.data.priority: RANGE, got 11.', {
    errors: [{ path: 'line 1.data.priority', rule: 'RANGE', got: '11', allowed: 'at most 9' }],
  });
  const told = inTermsOfTheFile(problem, () => 'line 1') as ProblemError;
  expect(told.message).toBe('data.priority: RANGE, got 11.');
  expect(told.extras.errors?.[0]?.path).toBe('data.priority');
});

it('words that begin with a line are a sentence', () => {
  const told = inTermsOfTheFile(new ProblemError('JSON_INVALID', 'line 3 is not valid JSON.'), (line) => `line ${line - 1}`);
  expect((told as ProblemError).message).toBe('Line 2 is not valid JSON.');
});
