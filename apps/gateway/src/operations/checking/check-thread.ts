/** The thread of a TaskChecker. It is run as it stands, from the sources too, so it imports nothing of this app but types. */
import { constants } from 'node:os';
import { InlineTasks, ProblemError } from '@kintsugi/contracts';
import { carryOutOrders } from '@kintsugi/hosting/carry-out-orders';
import { TasksDigest } from '@kintsugi/hosting/tasks-digest';
import type { CheckOrder, CheckReport } from './check-order.js';

carryOutOrders<CheckOrder, CheckReport>('check-thread', constants.priority.PRIORITY_BELOW_NORMAL, (order) => {
  const { body } = order;
  try {
    return { report: { body, fingerprint: check(order) }, given: [body.buffer] };
  } catch (error) {
    if (error instanceof ProblemError) return { report: { problem: error.toProblem() }, given: [] };
    throw error;
  }
});

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
