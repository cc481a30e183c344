import { describe, expect, test } from '@jest/globals';
import { limits, taskFailureSchema } from '@kintsugi/contracts';
import { describeFailure, type DescribedFailure, type ErrorMapping } from './error-mapping.js';
import { NonRetryable, RetryAfter, TaskError } from './task-error.js';

function described(error: unknown, ...mappings: ErrorMapping[]): DescribedFailure {
  return describeFailure(error, mappings, () => undefined);
}

function thrower(): never {
  throw new Error('asked too much');
}

const cyclic = new Error('round and round');
cyclic.cause = cyclic;

describe('whatever is thrown is described and can be reported', () => {
  const everything: [what: string, thrown: unknown, type: string][] = [
    ['undefined', undefined, 'error.thrown'],
    ['null', null, 'error.thrown'],
    ['a text', 'gone', 'error.thrown'],
    ['a symbol', Symbol('gone'), 'error.thrown'],
    ['an object without a prototype', Object.create(null), 'error.thrown'],
    ['an object that cannot become a text', { toString: thrower }, 'error.thrown'],
    ['a proxy that answers nothing', new Proxy({}, { get: thrower, has: thrower, getPrototypeOf: thrower }), 'error.thrown'],
    ['a proxy of an error', new Proxy(new Error('gone'), { get: thrower }), 'error.thrown'],
    ['an error whose message is not a text', Object.assign(new Error('gone'), { message: { reason: 1 } }), 'error.Error'],
    ['an error whose stack is not a text', Object.assign(new Error('gone'), { stack: 7 }), 'error.Error'],
    ['an error whose name is a symbol', Object.assign(new Error('gone'), { name: Symbol('x') }), 'error.thrown'],
    ['an error with the code of a built-in property', Object.assign(new Error('gone'), { code: 'toString' }), 'error.Error'],
    ['an error that is its own cause', cyclic, 'error.Error'],
    ['an error without a message', new Error(), 'error.Error'],
    ['an error larger than what is kept', new Error('x'.repeat(100_000)), 'error.Error'],
    ['a network error', Object.assign(new Error('gone'), { code: 'ECONNRESET' }), 'net.reset'],
    ['a task error without facts', new TaskError('gone', undefined as never), 'error.TaskError'],
    [
      'a non-retryable error of an undefined type',
      new NonRetryable('gone', { error_type: undefined as never }),
      'task.non_retryable',
    ],
    ['a pause of an undefined type', new RetryAfter('gone', { error_type: undefined, retry_after_ms: 1 }), 'task.retry_after'],
    ['a task error whose type is no text', new TaskError('gone', { error_type: 451 as never }), 'error.TaskError'],
    ['a task error whose type may not be spelled so', new TaskError('gone', { error_type: 'my type!' }), 'my_type_'],
  ];

  test.each(everything)('%s', (_, thrown, type) => {
    const failure = described(thrown);
    expect(failure.error_type).toBe(type);
    expect(failure.error_message).not.toBe('');
    expect(taskFailureSchema.safeParse({ index: 0, started: 0, took_us: 0, ...failure }).error).toBeUndefined();
  });
});

describe('a mapping at fault', () => {
  const reset = Object.assign(new Error('gone'), { code: 'ECONNRESET' });

  test('that throws is passed over for the next, and told of', () => {
    const notes: string[] = [];
    const failure = describeFailure(reset, [thrower, () => ({ error_type: 'mine' })], (line) => notes.push(line));
    expect(failure).toMatchObject({ error_type: 'mine', error_message: 'gone' });
    expect(notes).toEqual(['A mapping given to mapError was passed over, because it threw: asked too much']);
  });

  test('leaves the type that the error has without it', () => {
    expect(described(reset, thrower).error_type).toBe('net.reset');
    expect(described(reset, (() => 'mine') as never).error_type).toBe('net.reset');
    expect(described(reset, () => ({ error_type: undefined as never, non_retryable: true }))).toMatchObject({
      error_type: 'net.reset',
      non_retryable: true,
    });
  });

  test('that answers with a promise is passed over, also when the promise is broken', () => {
    const late = (() => Promise.reject(new Error('late'))) as never;
    expect(described(reset, late).error_type).toBe('net.reset');
  });
});

describe('a wait that a failure asks for', () => {
  test.each([
    [250, 250],
    [0.2, 1],
    [0, 0],
    [1e300, limits.retryDelaySeconds * 1000],
    [Infinity, undefined],
    [-Infinity, undefined],
    [NaN, undefined],
    [-1, undefined],
    ['5' as never, undefined],
    [undefined as never, undefined],
  ])('of %s ms is reported as %s', (asked, reported) => {
    const failure = described(new RetryAfter('later', { retry_after_ms: asked }));
    expect(failure.retry_after_ms).toBe(reported);
    expect('retry_after_ms' in failure).toBe(reported !== undefined);
  });
});
