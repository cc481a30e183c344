import { expect, test } from '@jest/globals';
import { parseTraceparent } from '@kintsugi/contracts';
import { attemptBefore, attemptTraceparent } from './attempt-trace.js';

const ofJob = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('each attempt of each task has a trace of its own, which everybody knows who knows the job', () => {
  const traces = ['task_a', 'task_b'].flatMap((task) => [1, 2].map((attempt) => attemptTraceparent(ofJob, task, attempt)));
  expect(new Set(traces.map((trace) => parseTraceparent(trace)?.traceId)).size).toBe(4);
  expect(attemptTraceparent(ofJob, 'task_a', 1)).toBe(traces[0]);
});

test('an attempt follows on the one before, the first on what made its job', () => {
  expect(attemptBefore(ofJob, 'task_a', 2)).toBe(attemptTraceparent(ofJob, 'task_a', 1));
  expect(attemptBefore(ofJob, 'task_a', 1)).toBe(ofJob);
});
