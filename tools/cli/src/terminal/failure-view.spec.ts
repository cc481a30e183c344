import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import pc from 'picocolors';
import { Failure } from '../failure.js';
import { failureLines } from './failure-view.js';
import { widthOf } from './text-width.js';

const output = { paint: pc.createColors(false), columns: 80 };

describe('a failure', () => {
  it('is shown with its code, the paths of its faults, what was got and allowed, and what to do', () => {
    const problem = new ProblemError('VALIDATION_FAILED', 'data.priority: RANGE, got 12, allowed: at most 9.', {
      errors: [{ path: 'data.priority', rule: 'RANGE', got: '12', allowed: 'at most 9' }],
    }).toProblem('req-1');
    const failure = new Failure('VALIDATION_FAILED', problem.detail, { problem, advice: 'Correct it and submit again.' });
    expect(failureLines(failure, output)).toEqual([
      'VALIDATION_FAILED: The input is not valid.',
      '  data.priority (RANGE)',
      '    got      12',
      '    allowed  at most 9',
      'Correct it and submit again.',
      'Request req-1',
    ]);
    expect(failure.toJson()).toEqual({
      error: { ...problem, advice: 'Correct it and submit again.', exit_code: 1 },
    });
  });

  it('fits 80 columns and cannot steer the terminal, whatever it quotes', () => {
    const failure = new Failure('UNAVAILABLE', `It said \u001b[2J${'long '.repeat(40)}${'x'.repeat(200)}`, {
      log: ['y'.repeat(300)],
    });
    const lines = failureLines(failure, output);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
    expect(lines.join()).not.toContain('\u001b');
    expect(failure.exitCode).toBe(69);
  });
});
