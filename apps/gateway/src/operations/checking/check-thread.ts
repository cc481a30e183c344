/** The thread of a TaskChecker. It is run as it stands, from the sources too, so it imports nothing of this app but types. */
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { guarded } from '@kintsugi/boundary';
import { InlineTasks, ProblemError } from '@kintsugi/contracts';
import { TasksDigest } from '@kintsugi/hosting/tasks-digest';
import type { CheckOrder, CheckReport } from './check-order.js';

// On Linux a priority is a thread's own: where cores are short, whoever answers goes first.
if (process.platform === 'linux') yieldToOthers();

parentPort?.on(
  'message',
  guarded('check-thread.order', (order: CheckOrder) => {
    const report = reportOf(order);
    parentPort?.postMessage(report, 'body' in report ? [report.body.buffer] : []);
  }),
);

function reportOf(order: CheckOrder): CheckReport {
  const { number, body } = order;
  try {
    return { number, body, fingerprint: check(order) };
  } catch (error) {
    if (error instanceof ProblemError) return { number, problem: error.toProblem() };
    return { number, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function check({ body, places, path, numbers, fingerprinted }: CheckOrder): string {
  const digest = fingerprinted ? new TasksDigest(numbers) : null;
  // Nobody else waits for a turn here.
  const slices = new InlineTasks(body, places, path).checked(
    numbers,
    digest ? (line, task) => digest.add(line, task) : undefined,
  );
  while (!slices.next().done);
  return digest?.digest() ?? '';
}

function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has less already, and may not ask for more.
  }
}
