import { describe, expect, test } from '@jest/globals';
import { limits } from '@kintsugi/contracts';
import { createWorker } from './create-worker.js';

const nothing = (): void => undefined;

describe('a handler that could never be served is an error when it is given', () => {
  test.each(['', '1st', 'my job', 'mail/send', 'plan:greet', 'a'.repeat(65), undefined, 7])('of the type %j', (type) => {
    const worker = createWorker({ log: false });
    expect(() => worker.handle(type as string, nothing)).toThrow(/^handle\(\) needs .* the type of the jobs: .* It got .+\.$/);
    expect(() => worker.plan(type as string, () => [])).toThrow(/^plan\(\) needs .* the type of the jobs/);
  });

  test.each([undefined, null, 'greet', {}])('that is %j and no function', (handler) => {
    expect(() => createWorker().handle('greet', handler as never)).toThrow(
      /^handle\("greet", …\) needs a function that runs for that type\. It got .+\.$/,
    );
    expect(() => createWorker().mapError(handler as never)).toThrow('mapError() needs a function');
  });

  const url = new URL('./index.ts', import.meta.url);
  const given = (module: unknown, options?: unknown) => () =>
    createWorker().handle('greet', module as URL, options as { isolate: true });

  test.each([
    ['a function, which no other process has', nothing, /needs the file of a module whose default export is the handler/],
    ['a relative path', './render.js', /needs the file of a module/],
    ['a URL of elsewhere', new URL('https://example.com/render.js'), /needs the file of a module/],
    ['a file that is not there', new URL('./no-such.js', import.meta.url), /finds no file .*no-such\.js\. A bundler has to make/],
  ])('that is isolated and %s', (_, module, message) => expect(given(module, { isolate: true })).toThrow(message));

  test('that is a file, without a word of isolation', () => {
    expect(given(url)).toThrow('write handle("greet", …, { isolate: true })');
    expect(given(url, { isolate: true })).not.toThrow();
  });

  test('for a type that has one', () => {
    expect(() =>
      createWorker()
        .handle('greet', nothing)
        .plan('greet', () => [])
        .handle('greet', nothing),
    ).toThrow('There is a handler for greet already.');
  });

  test('beyond as many as a worker may have', () => {
    const worker = createWorker();
    for (let number = 0; number < limits.handlersPerWorker; number += 1) worker.handle(`type-${number}`, nothing);
    expect(() => worker.handle('one-more', nothing)).toThrow('at most');
  });
});

describe('a worker serves once', () => {
  test('start() without a handler is an error', async () => {
    await expect(createWorker().start()).rejects.toThrow('call handle(type, handler) before start()');
  });

  test('start() after stop() is an error that says what to do', async () => {
    const worker = createWorker({ log: false }).handle('greet', nothing);
    await worker.stop();
    await expect(worker.start()).rejects.toThrow('make a new one with createWorker()');
  });
});
