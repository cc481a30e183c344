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
    ['a task error without details', new TaskError('gone', undefined as never), 'error.TaskError'],
    [
      'a non-retryable error of an undefined type',
      new NonRetryable('gone', { error_type: undefined as never }),
      'task.non_retryable',
    ],
    ['a pause of an undefined type', new RetryAfter('gone', { error_type: undefined, retry_after_ms: 1 }), 'task.retry_after'],
    ['a task error whose type is no text', new TaskError('gone', { error_type: 451 as never }), 'error.TaskError'],
    ['a task error whose type may not be spelled so', new TaskError('gone', { error_type: 'my type!' }), 'my_type_'],
  ];

  test('what failed behind it is told, where the handler says it in words, with no secret', () => {
    const dependency = (said: unknown): unknown =>
      describeFailure(
        new TaskError('gone', { error_type: 'a', dependency: said as string }),
        [],
        () => undefined,
        (text) => text.replaceAll('s3cret', '***'),
      ).dependency;
    expect(['relay', `s3cret.${'x'.repeat(200)}`, '', 7, undefined].map(dependency)).toEqual([
      ...['relay', `***.${'x'.repeat(124)}`, undefined, undefined, undefined],
    ]);
  });

  test.each(everything)('%s', (_, thrown, type) => {
    const failure = described(thrown);
    expect(failure.error_type).toBe(type);
    expect(failure.error_message).not.toBe('');
    expect(taskFailureSchema.safeParse({ index: 0, started: 0, took_us: 0, ...failure }).error).toBeUndefined();
  });
});

/** RangeError as Node itself has it, which is another than that of the realm in which tests run. */
function rangeErrorOfNode(): ErrorConstructor {
  try {
    return Buffer.alloc(-1) as never;
  } catch (error) {
    return (error as Error).constructor as ErrorConstructor;
  }
}

const RangeErrorOfNode = rangeErrorOfNode();
const ofAnotherRealm = new RangeErrorOfNode('gone there', {
  cause: Object.assign(new RangeErrorOfNode('reset there'), { code: 'ECONNRESET' }),
});
const refused = (address: string): Error =>
  Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' });
const refusedLocalhost = Object.assign(new AggregateError([refused('::1:2525'), refused('127.0.0.1:2525')]), {
  code: 'ECONNREFUSED',
});
const circular = new Error('outer', { cause: new Error('inner') });
(circular.cause as Error).cause = circular;
const withThrowingGetters = Object.defineProperties(new Error('it stays'), { cause: { get: thrower }, code: { get: thrower } });

function wrapped(error: unknown, times: number): unknown {
  return times === 0 ? error : new Error(`layer ${times}.`, { cause: wrapped(error, times - 1) });
}

describe('the reason of a failure is kept, wherever the error holds it', () => {
  const reasons: [what: string, thrown: unknown, type: string, message: string][] = [
    [
      'a refused localhost',
      refusedLocalhost,
      'net.refused',
      'connect ECONNREFUSED ::1:2525; connect ECONNREFUSED 127.0.0.1:2525',
    ],
    [
      'a failed fetch',
      new TypeError('fetch failed', { cause: Object.assign(new Error('getaddrinfo ENOTFOUND nowhere'), { code: 'ENOTFOUND' }) }),
      'net.dns',
      'fetch failed: getaddrinfo ENOTFOUND nowhere',
    ],
    [
      'a failed fetch of localhost',
      new TypeError('fetch failed', { cause: refusedLocalhost }),
      'net.refused',
      'fetch failed: connect ECONNREFUSED ::1:2525; connect ECONNREFUSED 127.0.0.1:2525',
    ],
    [
      'a cause behind three others',
      wrapped(refused('10.0.0.1:80'), 3),
      'net.refused',
      'layer 3.: layer 2.: layer 1.: connect ECONNREFUSED 10.0.0.1:80',
    ],
    [
      'a cause behind fifty others',
      wrapped(refused('10.0.0.1:80'), 50),
      'net.refused',
      'layer 50.: layer 49.: layer 1.: connect ECONNREFUSED 10.0.0.1:80',
    ],
    ['an error that quotes its cause', new Error('no list: gone', { cause: new Error('gone') }), 'error.Error', 'no list: gone'],
    ['an error of another realm', ofAnotherRealm, 'net.reset', 'gone there: reset there'],
    [
      'a thrown object',
      { reason: 'disk full', left: { bytes: 0 }, on: ['a', 'b'] },
      'error.thrown',
      'reason: disk full, left: {bytes: 0}, on: {a, b}',
    ],
    ['a thrown object with a code and a message', { code: 'ETIMEDOUT', message: 'too slow' }, 'net.timeout', 'too slow'],
    [
      'a thrown object as a cause',
      new Error('no luck', { cause: { status: 503, body: 'busy' } }),
      'http.503',
      'no luck: status: 503, body: busy',
    ],
    ['a thrown response', new Response(null, { status: 404, statusText: 'Not Found' }), 'http.404', 'HTTP 404 Not Found'],
    ['a text as a cause', new Error('no luck', { cause: 'the moon' }), 'error.Error', 'no luck: the moon'],
    [
      'a connection that nodemailer lost',
      Object.assign(new Error('Connection closed'), { code: 'ECONNECTION', command: 'CONN' }),
      'net.reset',
      'Connection closed',
    ],
    [
      'a connection that nodemailer could not make',
      Object.assign(refused('127.0.0.1:25'), { code: 'ESOCKET', command: 'CONN' }),
      'net.refused',
      'connect ECONNREFUSED 127.0.0.1:25',
    ],
    [
      "nodemailer's code over the system's",
      Object.assign(new Error('x'), { code: 'ECONNECTION', originalCode: 'ETIMEDOUT' }),
      'net.timeout',
      'x',
    ],
    ['causes in a circle', circular, 'error.Error', 'outer: inner'],
    ['an error whose getters throw', withThrowingGetters, 'error.Error', 'it stays'],
    [
      'an error that wraps the word of the handler',
      new Error('while sending', { cause: new NonRetryable('no such user', { error_type: 'mine' }) }),
      'mine',
      'while sending: no such user',
    ],
    [
      'what failed and what failed in clearing up',
      Object.assign(new Error('suppressed'), {
        name: 'SuppressedError',
        error: new Error('second'),
        suppressed: refused('10.0.0.1:80'),
      }),
      'net.refused',
      'suppressed: connect ECONNREFUSED 10.0.0.1:80; second',
    ],
  ];

  test.each(reasons)('%s', (_, thrown, type, message) => {
    expect(described(thrown)).toMatchObject({ error_type: type, error_message: message });
  });

  test('another realm is another realm', () => {
    expect(ofAnotherRealm instanceof Error).toBe(false);
    expect(described(new RangeErrorOfNode('gone there'))).toMatchObject({
      error_type: 'error.RangeError',
      error_message: 'gone there',
    });
  });

  test('a wrapped error that must not be retried is not', () => {
    expect(described(new Error('while sending', { cause: new NonRetryable('no such user') })).non_retryable).toBe(true);
  });

  test('a stack has the calls of the handler, and none of what runs handlers', () => {
    const own = 'Error: away\n    at send (/srv/app/mail.js:3:9)\n    at handler (/srv/app/worker.js:7:3)';
    const ours = [
      'runTraced (/srv/app/node_modules/x/traced-run.js:5:9)',
      'TaskRunner.run (/srv/app/node_modules/x/task-runner.js:9:1)',
    ];
    const lines = (calls: string[]): string => calls.map((call) => `\n    at ${call}`).join('');
    const told = (stack: string) => described(Object.assign(new Error('away'), { stack })).stack_trace;
    expect(told(own + lines([...ours, 'TaskRunner.fill (/srv/app/node_modules/x/task-runner.js:2:1)']))).toBe(own);
    // A function of the application that has one of the names.
    expect(told(own + lines(ours.slice(0, 1)))).toBe(own + lines(ours.slice(0, 1)));
  });

  test('the stacks of the causes follow that of the error', () => {
    const { stack_trace: stack } = described(wrapped(refused('10.0.0.1:80'), 1));
    expect(stack).toMatch(/^Error: layer 1\.\n {4}at [^]*\nCaused by: Error: connect ECONNREFUSED 10\.0\.0\.1:80\n {4}at /);
  });

  test('what is kept is bounded, and of each of many errors there is something', () => {
    const long = (name: string, cause?: unknown): Error => new Error(name.repeat(limits.errorMessageLength), { cause });
    const { error_message: message, stack_trace: stack } = described(
      long('a', long('b', long('c', long('d', long('e', long('f')))))),
    );
    expect(message.length).toBeLessThanOrEqual(limits.errorMessageLength);
    expect(stack?.length).toBeLessThanOrEqual(limits.stackLength);
    expect(message.replace(/(.)\1+/g, '$1')).toBe('a: b: e: f');
    const many = new AggregateError(Array.from({ length: 10_000 }, (_, number) => refused(`10.0.0.1:${number}`)));
    expect(described(many).error_message.split('; ')).toHaveLength(4);
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
