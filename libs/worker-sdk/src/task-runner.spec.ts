import { describe, expect, test } from '@jest/globals';
import type { LeaseOutcome, WorkHeader } from '@kintsugi/contracts';
import type { HeldLease } from './held-lease.js';
import type { TaskHandler } from './task-context.js';
import { NonRetryable } from './task-error.js';
import { TaskRunner } from './task-runner.js';

/** A runner of one handler, and what it has to report. */
function runnerOf(handler: TaskHandler, slots = 10): { runner: TaskRunner; reported: () => LeaseOutcome[] } {
  const finished = new Set<HeldLease>();
  const reporter = { finished: (lease: HeldLease) => void finished.add(lease) };
  const mappings = [
    () => {
      throw new Error('a mapping at fault');
    },
  ];
  const runner = new TaskRunner({ slots, handlers: new Map([['send', handler]]), mappings, reporter });
  return { runner, reported: () => [...finished].flatMap((lease) => lease.takeReport() ?? []) };
}

function headerOf(indexes: number[], fence = 1, safety: WorkHeader['safety'] = 'idempotent'): WorkHeader {
  const attempts = indexes.map(() => 1);
  return { v: 1, chunk_id: 'chunk', job_id: 'job', fence, queue: 'send', safety, indexes, attempts };
}

function take(runner: TaskRunner, header: WorkHeader): void {
  runner.take(
    header,
    header.indexes.map((index) => `{"payload":${index}}`),
  );
}

describe('a failure that cannot be described', () => {
  const thrown = [new NonRetryable('x', { error_type: undefined as never }), Object.create(null), undefined, new Proxy({}, {})];

  test('ends its own task and leaves the worker and its other tasks alone', async () => {
    const { runner, reported } = runnerOf(({ task }) => {
      if (task.payload === 4) return 'well';
      throw thrown[task.payload as number];
    });
    take(runner, headerOf([0, 1, 2, 3, 4]));
    await runner.finished(1_000);
    const [outcome] = reported();
    expect(outcome?.failed.map(({ index, error_type: type }) => [index, type])).toEqual([
      [0, 'task.non_retryable'],
      [1, 'error.thrown'],
      [2, 'error.thrown'],
      [3, 'error.thrown'],
    ]);
    expect(outcome).toMatchObject({ done: [4], results: { 4: 'well' } });
    expect(outcome?.logs?.[1]).toEqual(['A mapping given to mapError was passed over, because it threw: a mapping at fault']);
  });
});

test('what a failure carries is reported as the result of its run', async () => {
  const given = { exit_code: 3, said: '日本' };
  const { runner, reported } = runnerOf(() => {
    throw new NonRetryable('x', { error_type: 'cli.exit.3', result: given });
  });
  take(runner, headerOf([0]));
  await runner.finished(1_000);
  expect(reported()).toMatchObject([{ failed: [{ index: 0, error_type: 'cli.exit.3' }], results: { 0: given } }]);
});

describe('a lease that has passed on', () => {
  /** Two leases of three tasks on two slots, revoked while two tasks run, and what comes of them once those go on. */
  async function revoked(safety: WorkHeader['safety']) {
    const started: unknown[] = [];
    const aborted: unknown[] = [];
    const goOn: (() => void)[] = [];
    const bothRun = Promise.withResolvers<void>();
    const { runner, reported } = runnerOf(async ({ task, signal }) => {
      started.push(task.payload);
      if (started.length === 2) bothRun.resolve();
      signal.addEventListener('abort', () => aborted.push(task.payload));
      await new Promise<void>((resolve) => goOn.push(resolve));
    }, 2);
    take(runner, headerOf([0, 1], 1, safety));
    take(runner, headerOf([2], 2, safety));
    // Where starting the first takes long, the second starts with the next turn of the event loop.
    await bothRun.promise;
    runner.revoke('chunk', 1);
    runner.revoke('chunk', 2);
    for (const resolve of goOn) resolve();
    await runner.finished(1_000);
    const outcomes = reported();
    runner.evict([...runner.all]);
    return { started, aborted, outcomes, held: [...runner.all].length };
  }

  test('of unsafe tasks: what runs goes on and is reported, what waits is not started', async () => {
    const { started, aborted, outcomes, held } = await revoked('unsafe');
    expect(started).toEqual([0, 1]);
    expect(aborted).toEqual([]);
    expect(outcomes).toMatchObject([{ fence: 1, done: [0, 1], failed: [], returned: [] }]);
    expect(held).toBe(0);
  });

  test.each(['idempotent', 'keyed'] as const)('of %s tasks: what runs is stopped and nothing is told', async (safety) => {
    const { started, aborted, outcomes, held } = await revoked(safety);
    expect(started).toEqual([0, 1]);
    expect(aborted).toEqual([0, 1]);
    expect(outcomes).toEqual([]);
    expect(held).toBe(0);
  });
});

describe('a task whose job is paused', () => {
  async function handedBack(safety: WorkHeader['safety']) {
    const goOn: (() => void)[] = [];
    const reasons: string[] = [];
    const { runner, reported } = runnerOf(async ({ signal }) => {
      signal.addEventListener('abort', () => reasons.push(String((signal.reason as Error).message)));
      await new Promise<void>((resolve) => goOn.push(resolve));
      signal.throwIfAborted();
    }, 1);
    take(runner, headerOf([0, 1, 2], 1, safety));
    runner.handBack('chunk', [0, 1]);
    goOn[0]?.();
    await runner.finished(1_000);
    runner.drain();
    return { reasons, outcome: reported()[0] };
  }

  test('is stopped where it runs, handed back where it waits, and leaves the others of its lease alone', async () => {
    const { reasons, outcome } = await handedBack('idempotent');
    expect(reasons).toEqual(['The job was paused.']);
    expect(outcome).toMatchObject({ failed: [{ index: 0, cancelled: true }], returned: [1] });
  });

  test('goes on where it is unsafe and runs', async () => {
    const { reasons, outcome } = await handedBack('unsafe');
    expect(reasons).toEqual([]);
    expect(outcome).toMatchObject({ done: [0], failed: [], returned: [1] });
  });
});

describe('a task whose time is over', () => {
  const limited = (indexes: number[]): WorkHeader => ({ ...headerOf(indexes), timeout_s: 0.01 });
  const untilAborted = (signal: AbortSignal) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

  test('is stopped by its signal, and fails as task.timeout whatever its handler throws then', async () => {
    const { runner, reported } = runnerOf(async ({ signal }) => {
      await untilAborted(signal);
      throw Object.assign(new Error('broken off'), { code: 'ECONNRESET' });
    });
    take(runner, limited([0]));
    await runner.finished(1_000);
    const [failure] = reported()[0]?.failed ?? [];
    expect(failure).toMatchObject({ index: 0, error_type: 'task.timeout', error_message: expect.stringContaining('0.01 s') });
    expect(failure).not.toHaveProperty('cancelled');
  });

  test('has succeeded where its handler says so all the same, and others are not stopped', async () => {
    const aborted: unknown[] = [];
    const { runner, reported } = runnerOf(async ({ signal, task }) => {
      signal.addEventListener('abort', () => aborted.push(task.payload));
      if (task.payload === 0) await untilAborted(signal);
    });
    take(runner, limited([0, 1]));
    await runner.finished(1_000);
    expect(reported().flatMap(({ done }) => done)).toEqual([1, 0]);
    expect(aborted).toEqual([0]);
  });

  test('and does not let go takes its slot from what is offered; what waits behind all such slots is handed back', async () => {
    let goOn = (): void => undefined;
    const timedOut = Promise.withResolvers<void>();
    const { runner, reported } = runnerOf(async ({ signal }) => {
      signal.addEventListener('abort', () => timedOut.resolve());
      await new Promise<void>((resolve) => (goOn = resolve));
    }, 1);
    take(runner, limited([0, 1]));
    await timedOut.promise;
    expect(runner.usableSlots()).toBe(1);
    expect(runner.usableSlots(performance.now() + 3_000)).toBe(0);
    expect(reported()).toMatchObject([{ done: [], failed: [], returned: [1] }]);
    goOn();
    await runner.finished(1_000);
    reported();
    runner.evict([...runner.all]);
    expect([...runner.all]).toEqual([]);
    expect(runner.isAtWork).toBe(true);
    expect(runner.usableSlots(performance.now() + 3_000)).toBe(1);
    expect(runner.isAtWork).toBe(false);
  });
});

describe('the params of a manual recovery', () => {
  test.each([
    ['an object', { to: 'ada', n: 1 }, { to: 'bob', n: 1 }],
    ['an array', ['ada'], { to: 'bob' }],
    ['a text', 'ada', { to: 'bob' }],
    ['null', null, { to: 'bob' }],
  ])('reach the handler of a task whose payload is %s as a reader of the task sees them', async (_, payload, wanted) => {
    const { runner, reported } = runnerOf(({ task }) => task.payload);
    runner.take({ ...headerOf([0]), params: { 0: { to: 'bob' } } }, [JSON.stringify({ payload })]);
    await runner.finished(1_000);
    expect(reported()).toMatchObject([{ results: { 0: wanted } }]);
  });
});

describe('a slice that comes once more', () => {
  test.each<[string, (runner: TaskRunner, lease: HeldLease) => void]>([
    ['while its tasks run', () => undefined],
    ['after its lease has ended and was let go', (runner, lease) => runner.evict([lease])],
    ['after its lease was revoked', (runner) => runner.revoke('chunk', 1)],
  ])('%s is passed over', async (_when, end) => {
    const started: unknown[] = [];
    const { runner, reported } = runnerOf(({ task }) => void started.push(task.payload));
    take(runner, headerOf([0, 1]));
    await runner.finished(1_000);
    const [lease] = runner.all;
    reported();
    end(runner, lease as HeldLease);
    take(runner, headerOf([0, 1]));
    await runner.finished(1_000);
    expect(started).toEqual([0, 1]);
  });

  test('under another lease is run', async () => {
    const started: unknown[] = [];
    const { runner } = runnerOf(({ task }) => void started.push(task.payload));
    take(runner, headerOf([0]));
    await runner.finished(1_000);
    runner.revoke('chunk', 1);
    take(runner, headerOf([0], 2));
    await runner.finished(1_000);
    expect(started).toEqual([0, 0]);
  });
});

test('a more urgent task that comes while many run, one after the other and without a pause, goes before those that wait', async () => {
  const started: unknown[] = [];
  const { runner } = runnerOf(({ task }) => {
    started.push(task.payload);
    const until = performance.now() + 0.1;
    while (performance.now() < until);
  }, 1);
  const many = Array.from({ length: 400 }, (_, index) => index);
  take(runner, headerOf(many));
  // As a message would come: with the next turn of the event loop.
  setImmediate(() => take(runner, { ...headerOf([1_000], 2), chunk_id: 'urgent', priority: 9 }));
  await runner.finished(60_000);
  expect(started).toHaveLength(401);
  expect(started.indexOf(1_000)).toBeLessThan(400);
});

test.each<[string, TaskHandler]>([
  ['succeed', () => undefined],
  [
    'fail',
    () => {
      throw new Error('x');
    },
  ],
])('tasks that %s are reported as of a busy worker for as long as many wait behind them', async (_how, handler) => {
  const busy: (boolean | undefined)[] = [];
  const finished = (_lease: HeldLease, _bytes: number, isBusy?: boolean): void => void busy.push(isBusy);
  const runner = new TaskRunner({ slots: 1, handlers: new Map([['send', handler]]), mappings: [], reporter: { finished } });
  take(runner, headerOf(Array.from({ length: 300 }, (_, index) => index)));
  await runner.finished(60_000);
  expect([busy.length, busy.at(0), busy.at(-1)]).toEqual([300, true, false]);
});
