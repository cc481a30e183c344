import { describe, expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { actionsOf, readOperation } from './operation-request.js';

const allowed = actionsOf('/job-operations');

function refused(body: unknown, at?: string): Pick<ProblemError, 'code' | 'extras'> {
  try {
    readOperation(body, allowed, at);
  } catch (error) {
    if (error instanceof ProblemError) return error;
  }
  throw new Error('It was not refused.');
}

describe('{action, data}', () => {
  test('each endpoint has the actions that its contract gives it', () => {
    expect(allowed).toEqual(expect.arrayContaining(['createJob', 'cancelJob', 'getJobInfo', 'createSchedule']));
    expect(allowed).not.toContain('stageTasks');
    expect(actionsOf('/error-operations')).toEqual(expect.arrayContaining(['configureRetry', 'manualRecover', 'analyzeErrors']));
    expect(actionsOf('/error-operations')).not.toContain('createJob');
  });

  test('is read as it is', () => {
    expect(readOperation({ action: 'cancelJob', data: { job_id: 'x' } }, allowed)).toEqual({
      action: 'cancelJob',
      data: { job_id: 'x' },
    });
  });

  test('an unknown action is told which there are', () => {
    expect(refused({ action: 'stageTasks', data: {} })).toMatchObject({
      code: 'ACTION_UNKNOWN',
      extras: { errors: [{ path: 'action', rule: 'VALUE', got: '"stageTasks"', allowed: allowed.join(', ') }] },
    });
  });

  test.each([
    ['createjob', 'did you mean createJob?'],
    ['manualRecover', 'it is at POST /error-operations'],
    ['getJob', 'it is asked by GET, as /openapi.json tells, or at kin.req.job.getJob of NATS'],
    ['stageTasks', undefined],
    ['constructor', undefined],
  ])('%s, which is none here, is told what to ask instead', (action, hint) => {
    const { extras } = refused({ action, data: {} });
    expect(extras.errors?.map((error) => error.hint)).toEqual([hint]);
  });

  test.each([
    [null, '', 'TYPE'],
    [[], '', 'TYPE'],
    ['createJob', '', 'TYPE'],
    [{ data: {} }, 'action', 'REQUIRED'],
    [{ action: 7, data: {} }, 'action', 'TYPE'],
    [{ action: 'createJob' }, 'data', 'REQUIRED'],
    [{ action: 'createJob', data: {}, dat: 1 }, 'dat', 'UNKNOWN_FIELD'],
    [{ action: 'createJob', data: {}, constructor: 1 }, 'constructor', 'UNKNOWN_FIELD'],
  ])('%j is refused at %p', (body, path, rule) => {
    expect(refused(body)).toMatchObject({ code: 'VALIDATION_FAILED', extras: { errors: [{ path, rule }] } });
  });

  test('in an upload the paths name the line', () => {
    expect(refused({ action: 'createJob' }, 'line 1').extras.errors).toMatchObject([{ path: 'line 1.data' }]);
    expect(refused([], 'line 1').extras.errors).toMatchObject([{ path: 'line 1' }]);
  });
});
