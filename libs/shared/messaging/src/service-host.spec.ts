import { describe, expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { toProblemError } from './service-host.js';

const steppedDown = new Error('not primary');
const isAway = (error: unknown) => error === steppedDown;

describe('an error of a service is told', () => {
  test.each([
    ['as a database that is away, to be tried again, where the store changes its primary', steppedDown, 503, 'STORE_UNAVAILABLE'],
    ['as a fault where the store refuses what it was given', new Error('too large'), 500, 'INTERNAL'],
  ])('%s', (_told, error, status, code) => {
    const reported: unknown[] = [];
    const problem = toProblemError(error, (fault) => reported.push(fault), isAway).toProblem();
    expect(problem).toMatchObject({ status, code });
    expect(problem.detail).not.toContain(error.message);
    expect(reported).toEqual([error]);
  });

  test('as it is, and not as a fault, where it is a problem', () => {
    const problem = new ProblemError('JOB_NOT_FOUND', 'There is no such job.');
    const reported: unknown[] = [];
    expect(toProblemError(problem, (fault) => reported.push(fault), isAway)).toBe(problem);
    expect(reported).toEqual([]);
  });
});
