import { expect, test } from '@jest/globals';
import { answersOf, type LiveSample } from './live-samples.js';

const sample = (name: string, answerMs: number, waitedMs: number, ranMs: number): LiveSample => ({
  name,
  answerMs,
  waitedMs,
  ranMs,
});

test('what a machine lets a service wait for a core is told apart from what the service lets one wait', () => {
  const samples = [sample('gateway', 200, 180, 15), sample('gateway', 60, 5, 30), sample('job-service', 500, 0, 400)];
  expect(answersOf(samples, 'gateway')).toEqual({ answersMs: [200, 60], ownMaxMs: 55, ranMaxMs: 30 });
});

test('waits of both at the same time make no answer shorter than the service ran for it', () => {
  expect(answersOf([sample('gateway', 40, 60, 12)], 'gateway').ownMaxMs).toBe(12);
});

test('a service that was never asked is no service that always answered', () => {
  expect(() => answersOf([], 'gateway')).toThrow('gateway was not asked');
});
