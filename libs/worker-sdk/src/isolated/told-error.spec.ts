import { expect, test } from '@jest/globals';
import { describeFailure } from '../error-mapping.js';
import { NonRetryable } from '../task-error.js';
import { errorOfTold, toldOfError } from './told-error.js';

const thereAndBack = (error: unknown): unknown => errorOfTold(structuredClone(toldOfError(error)));

test.each([
  ['an error', new TypeError('no such table')],
  ['one with a code', Object.assign(new Error('gone'), { code: 'ECONNRESET' })],
  ['one with a cause', new Error('outer', { cause: new RangeError('inner') })],
  ['one of the handler’s own words', new NonRetryable('never', { error_type: 'a.b', retry_after_ms: 5 })],
])('%s amounts to the same failure on the other side', (_, error) => {
  const described = (thrown: unknown) => describeFailure(thrown, [], () => undefined);
  expect(described(thereAndBack(error))).toEqual(described(error));
});

test('what is no error stays what it says', () => {
  expect(thereAndBack('a text')).toBe('a text');
});

test('an own property that mappings may look at comes along', () => {
  const told = { name: 'AxiosError', message: 'm', stack: 's', own: { response: { status: 503 } } };
  expect(errorOfTold(told)).toMatchObject({ name: 'AxiosError', response: { status: 503 } });
});

test('what follows from a failure comes along where its result is no JSON', () => {
  const circle: Record<string, unknown> = {};
  circle['circle'] = circle;
  const back = thereAndBack(new NonRetryable('never', { error_type: 'a.b', retry_after_ms: 5, result: circle })) as NonRetryable;
  expect(back.details).toMatchObject({ error_type: 'a.b', non_retryable: true, retry_after_ms: 5 });
  expect(() => JSON.stringify(back.details.result)).toThrow('circular');
});
