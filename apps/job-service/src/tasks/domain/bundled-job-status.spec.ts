import { expect, test } from '@jest/globals';
import { brokenTaskStates, taskStates } from '@kintsugi/contracts';
import { bundledJobEnd, bundledJobStatus } from './bundled-job-status.js';
import { bundleOf, reportOf } from './chunk-sample.js';
import type { Chunk } from './chunk.js';
import { leaseTasks } from './lease-tasks.js';
import { recordOutcome } from './record-outcome.js';
import { discardTask, retryTask } from './recovery-moves.js';
import { openTaskStates } from './task-lifecycle.js';

const now = 1_700_000_010_000;

test('a single-task job has ended exactly where its task keeps no job open', () => {
  expect(taskStates.filter((state) => bundledJobEnd(state) === null).sort()).toEqual([...openTaskStates].sort());
  expect(taskStates.filter((state) => bundledJobEnd(state) === 'failed').sort()).toEqual([...brokenTaskStates].sort());
});

test('a single-task job is pending until its task has run, running until it is over, and ends once', () => {
  const chunk = bundleOf(1);
  const statuses = [bundledJobStatus(chunk, 0)];
  const step = (make: () => unknown): void => {
    make();
    statuses.push(bundledJobStatus(chunk, 0));
  };
  const fail = (): void => recordFailure(chunk);
  step(fail);
  step(() => retryTask(chunk, 0, 1));
  step(fail);
  step(() => discardTask(chunk, 0, 2, now));
  expect(statuses).toEqual(['pending', 'running', 'running', 'running', 'failed']);
  expect(chunk.promised.map(({ name }) => name).filter((name) => name.startsWith('job.'))).toEqual(['job.failed']);
});

function recordFailure(chunk: Chunk): void {
  const { lease } = leaseTasks(chunk, [0], 'w', now);
  recordOutcome(chunk, reportOf(lease, { failed: [0] }), now);
}
