import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

/** What the kernel would tell of one process that uses one core all the time. */
const told = {
  readings: 0,
  /** How long it takes to read of all processes, and how much CPU that takes. */
  wallMs: 0,
  cpuMs: 0,
  lateMs: 0,
};
const now = (): number => Date.now() + told.lateMs;

jest.unstable_mockModule('./proc-files.js', () => ({
  pids: () => {
    told.readings += 1;
    told.lateMs += told.wallMs;
    return [7];
  },
  statOf: () => ({ pid: 7, fields: ['1', '7', ...Array<string>(8).fill('0'), String(Math.floor(now() / 10)), '0', '0', '0'] }),
  readText: () => 'VmRSS:\t1024 kB\n',
}));

const { ProcessMeter } = await import('./process-meter.js');

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance'] });
  jest.spyOn(performance, 'now').mockImplementation(now);
  jest.spyOn(process, 'cpuUsage').mockImplementation((before) => ({ user: before ? told.cpuMs * 1_000 : 0, system: 0 }));
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  // Time that has gone by in a test does not come again in the next one.
  told.lateMs += 60_000;
});

/** Looks at it for some seconds. @returns what it was found to use too much of, and how often all processes were read of in a second */
function lookedAt(cpuCores: number) {
  const found: unknown[] = [];
  const begun = { at: now(), readings: told.readings };
  const meter = new ProcessMeter(
    7,
    { memoryMib: null, cpuCores, processes: 64 },
    () => undefined,
    (excess) => found.push(excess),
  );
  while (now() - begun.at < 20_000) jest.advanceTimersByTime(1);
  meter.stop();
  return { found, readingsInASecond: (told.readings - begun.readings) / 20 };
}

test.each([1, 15, 25, 33, 45])('who uses as much as it may is let be where reading takes %d ms of CPU', (cpuMs) => {
  Object.assign(told, { cpuMs, wallMs: cpuMs });
  expect(lookedAt(1).found).toEqual([]);
});

test('who uses more than it may is found', () => {
  Object.assign(told, { cpuMs: 45, wallMs: 45 });
  expect(lookedAt(0.9).found).toMatchObject([{ of: 'cpu', limit: 0.9 }]);
});

test('each look of a crowded machine, on which reading takes long, is a new one', () => {
  Object.assign(told, { cpuMs: 12, wallMs: 120 });
  expect(lookedAt(2).readingsInASecond).toBeGreaterThan(4.5);
});
