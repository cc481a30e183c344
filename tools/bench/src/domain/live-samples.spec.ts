import { expect, test } from '@jest/globals';
import { answersOf, requireLives, type LiveSample } from './live-samples.js';

const sample = (
  name: string,
  answerMs: number,
  [serviceWaitedMs, askerWaitedMs]: [number, number],
  ranMs: number,
): LiveSample => ({
  name,
  answerMs,
  serviceWaitedMs,
  askerWaitedMs,
  ranMs,
});

test('what a machine lets a service wait for a core is told apart from what the service lets one wait', () => {
  const samples = [
    sample('gateway', 200, [180, 10], 15),
    sample('gateway', 60, [2, 5], 30),
    sample('job-service', 500, [0, 0], 400),
  ];
  expect(answersOf(samples, 'gateway')).toEqual({ answersMs: [200, 60], ownMaxMs: 55, ranMaxMs: 30 });
});

test('waits of both, which may have been at the same time, are not taken off one after the other', () => {
  expect(answersOf([sample('gateway', 200, [90, 90], 5)], 'gateway').ownMaxMs).toBe(110);
});

test('waits that the kernel counts beyond an answer make it no shorter than the service ran for it', () => {
  expect(answersOf([sample('gateway', 40, [60, 0], 12)], 'gateway').ownMaxMs).toBe(12);
});

test('a service that was never asked is no service that always answered', () => {
  expect(() => answersOf([], 'gateway')).toThrow('gateway was not asked');
});

test('one question without an answer is told, with the service and the reason', () => {
  const samples = [sample('gateway', 1, [0, 0], 1), sample('job-service', 1, [0, 0], 1)];
  expect(() => requireLives({ samples, faults: [], lateMs: [] })).not.toThrow();
  const faults = ['connect ECONNREFUSED', 'another'].map((reason) => ({ name: 'job-service', reason }));
  expect(() => requireLives({ samples, faults, lateMs: [] })).toThrow(
    'Asked for /health/live, job-service did not answer 2 of 3 times (connect ECONNREFUSED).',
  );
});
