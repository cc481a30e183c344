import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { limits, outcomeReportSchema, type LeaseOutcome, type OutcomeReport, type WorkHeader } from '@kintsugi/contracts';
import { HeldLease } from './held-lease.js';
import { OutcomeReporter } from './outcome-reporter.js';
import type { TaskHandler } from './task-context.js';
import { TaskRunner } from './task-runner.js';

/** Below the bound of a NATS server as it comes. */
const messageBytes = 1024 * 1024;

afterEach(() => {
  jest.useRealTimers();
});

/** Runs one task for each lease, all ended in one go, and gives the reports that leave. */
async function reportsOf(
  leases: number,
  slots: number,
  handler: TaskHandler,
): Promise<{ reports: OutcomeReport[]; bytes: number[] }> {
  jest.useFakeTimers();
  const bodies: string[] = [];
  const bus = {
    publish: (_: string, body: string | Uint8Array) => void bodies.push(String(body)),
    subscribe: () => ({ unsubscribe: () => undefined }) as never,
  };
  const reporter = new OutcomeReporter(bus, 'worker', () => undefined);
  const runner = new TaskRunner({ slots, handlers: new Map([['send', handler]]), mappings: [], reporter });
  for (let fence = 1; fence <= leases; fence += 1) {
    const at = { chunk_id: '01890a5d-ac96-774b-bcce-b302099a8057.0', job_id: 'job', fence, queue: 'send' };
    const header: WorkHeader = { v: 1, ...at, safety: 'idempotent', indexes: [0], attempts: [1] };
    runner.take(header, ['{}']);
  }
  await runner.finished(60_000);
  jest.advanceTimersByTime(10);
  reporter.stop();
  return {
    reports: bodies.map((body) => JSON.parse(body) as OutcomeReport),
    bytes: bodies.map((body) => Buffer.byteLength(body)),
  };
}

function fencesOf(reports: readonly OutcomeReport[]): Set<number> {
  return new Set(reports.flatMap(({ leases }) => leases.map(({ fence }) => fence)));
}

describe('every outcome is reported in a message that is taken', () => {
  test('when 10,000 slots end their tasks at once', async () => {
    const { reports } = await reportsOf(10_000, 10_000, () => undefined);
    expect(fencesOf(reports).size).toBe(10_000);
    expect(Math.max(...reports.map(({ leases }) => leases.length))).toBe(512);
    for (const report of reports) expect(outcomeReportSchema.safeParse(report).error).toBeUndefined();
  });

  const large: [what: string, handler: TaskHandler][] = [
    ['results in Japanese', () => ({ text: '漢'.repeat(5_000) })],
    [
      'messages, stacks and logs of control characters',
      ({ log }) => {
        for (let line = 0; line < limits.logLines; line += 1) log('\u0001'.repeat(limits.logLineLength));
        throw Object.assign(new Error('\u0001'.repeat(limits.errorMessageLength)), {
          stack: '\u0001'.repeat(limits.stackLength),
        });
      },
    ],
    [
      'failures of few words',
      () => {
        throw 'x';
      },
    ],
  ];

  test.each(large)('when there are many %s', async (_, handler) => {
    const { reports, bytes } = await reportsOf(2_000, 2_000, handler);
    expect(fencesOf(reports).size).toBe(2_000);
    expect(Math.max(...bytes)).toBeLessThan(messageBytes / 2);
  });

  test('when a result changes after it was given', async () => {
    const given: Record<string, unknown> = { sent: 1 };
    const { reports } = await reportsOf(1, 1, () => {
      process.nextTick(() => (given['self'] = given));
      return given;
    });
    const [outcome] = reports.flatMap(({ leases }): LeaseOutcome[] => leases);
    expect(outcome?.results).toEqual({ 0: { sent: 1 } });
  });
});

test('a pause of the worker is no reason to report again: the receipts of before lie in the socket', async () => {
  jest.useFakeTimers();
  const published: string[] = [];
  let receive = (_: unknown): void => undefined;
  const bus = {
    publish: (_: string, __: string | Uint8Array, { reply = '' } = {}) => void published.push(reply),
    subscribe: (_: string, onMessage: (message: never) => void) => {
      receive = onMessage as typeof receive;
      return { unsubscribe: () => undefined } as never;
    },
  };
  const reporter = new OutcomeReporter(bus, 'worker', () => undefined);
  reporter.start();
  const runner = new TaskRunner({ slots: 1, handlers: new Map([['send', () => 1]]), mappings: [], reporter });
  const at = { chunk_id: '01890a5d-ac96-774b-bcce-b302099a8057.0', job_id: 'job', fence: 1, queue: 'send' };
  runner.take({ v: 1, ...at, safety: 'idempotent', indexes: [0], attempts: [1] }, ['{}']);
  await runner.finished(60_000);
  const settled = reporter.settled(3_000);
  jest.advanceTimersByTime(10);
  expect(published).toHaveLength(1);
  // Stopped: the time goes on, and no timer fires.
  const late = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
  jest.advanceTimersByTime(500);
  expect(published).toHaveLength(1);
  late.mockRestore();
  receive({ subject: published[0], data: [1], json: () => ({ recorded: true, fenced: 0 }) });
  await settled;
  jest.advanceTimersByTime(60_000);
  expect(published).toHaveLength(1);
  reporter.stop();
});

test('what ends in one turn is reported together behind it, and what ends just after a report waits for others', async () => {
  jest.useFakeTimers();
  const reports: OutcomeReport[] = [];
  const bus = {
    publish: (_: string, body: string | Uint8Array) => void reports.push(JSON.parse(String(body)) as OutcomeReport),
    subscribe: () => ({ unsubscribe: () => undefined }) as never,
  };
  const reporter = new OutcomeReporter(bus, 'worker', () => undefined);
  const runner = new TaskRunner({ slots: 9, handlers: new Map([['send', () => 1]]), mappings: [], reporter });
  const take = (fence: number): void => {
    const at = { chunk_id: '01890a5d-ac96-774b-bcce-b302099a8057.0', job_id: 'job', fence, queue: 'send' };
    runner.take({ v: 1, ...at, safety: 'idempotent', indexes: [0], attempts: [1] }, ['{}']);
  };
  jest.advanceTimersByTime(10);
  take(1);
  take(2);
  await runner.finished(60_000);
  expect(reports).toHaveLength(0);
  jest.advanceTimersByTime(0);
  expect(reports.map(({ leases }) => leases.length)).toEqual([2]);
  take(3);
  await runner.finished(60_000);
  jest.advanceTimersByTime(1);
  expect(reports).toHaveLength(1);
  jest.advanceTimersByTime(1);
  expect(reports).toHaveLength(2);
  reporter.stop();
});

test('a worker with much before it gathers for longer, so that leases are reported whole', () => {
  jest.useFakeTimers();
  const reports: OutcomeReport[] = [];
  const bus = {
    publish: (_: string, body: string | Uint8Array) => void reports.push(JSON.parse(String(body)) as OutcomeReport),
    subscribe: () => ({ unsubscribe: () => undefined }) as never,
  };
  const reporter = new OutcomeReporter(bus, 'worker', () => undefined);
  const end = (fence: number, isBusy: boolean): void => {
    const at = { chunk_id: '01890a5d-ac96-774b-bcce-b302099a8057.0', job_id: 'job', fence, queue: 'send' };
    const lease = new HeldLease({ v: 1, ...at, safety: 'idempotent', indexes: [0], attempts: [1] }, 0);
    lease.succeeded(0, 0, 1, undefined, null, false);
    reporter.finished(lease, 0, isBusy);
  };
  jest.advanceTimersByTime(10);
  end(1, false);
  jest.advanceTimersByTime(0);
  end(2, true);
  jest.advanceTimersByTime(7);
  end(3, true);
  expect(reports).toHaveLength(1);
  jest.advanceTimersByTime(1);
  expect(reports.map(({ leases }) => leases.map(({ fence }) => fence))).toEqual([[1], [2, 3]]);
  reporter.stop();
});

test('a report without a receipt goes out again', async () => {
  jest.useFakeTimers();
  const published: string[] = [];
  const bus = {
    publish: (_: string, __: string | Uint8Array, { reply = '' } = {}) => void published.push(reply),
    subscribe: () => ({ unsubscribe: () => undefined }) as never,
  };
  const reporter = new OutcomeReporter(bus, 'worker', () => undefined);
  reporter.start();
  const runner = new TaskRunner({ slots: 1, handlers: new Map([['send', () => 1]]), mappings: [], reporter });
  const at = { chunk_id: '01890a5d-ac96-774b-bcce-b302099a8057.0', job_id: 'job', fence: 1, queue: 'send' };
  runner.take({ v: 1, ...at, safety: 'idempotent', indexes: [0], attempts: [1] }, ['{}']);
  await runner.finished(60_000);
  const settled = reporter.settled(3_000);
  jest.advanceTimersByTime(3_000);
  expect(new Set(published).size).toBe(1);
  expect(published).toHaveLength(2);
  await settled;
  reporter.stop();
});
