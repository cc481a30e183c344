import type { Bus } from '@kintsugi/messaging';
import { readParentsBy } from './read-parents.js';
import { stepShelfBy } from './step-shelf.js';
import { submitChildBy } from './submit-child.js';
import type { RunCalls } from './task-context.js';

/** What the runs of a worker ask the platform for, over its connection. */
export function runCallsBy(bus: Bus, workerId: string): RunCalls {
  return {
    readParents: readParentsBy(bus, workerId),
    submitChild: submitChildBy(bus, workerId),
    steps: stepShelfBy(bus, workerId),
  };
}
