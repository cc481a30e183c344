import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError, limits, workerActor, type Step, type StepPage } from '@kintsugi/contracts';
import { callAction, ownOrigin, type Bus } from '@kintsugi/messaging';
import type { StepShelf } from './task-steps.js';

const timeoutMs = 5_000;
const againMs = 200;

/** Keeps steps with job-service, and waits for it while it is away: a part of a handler that was done is not done again for that. */
export function stepShelfBy(bus: Bus, workerId: string): StepShelf {
  const options = () => ({ timeoutMs, origin: ownOrigin(workerActor(workerId)) });
  return {
    async read(task, signal) {
      const steps: Step[] = [];
      for (let cursor: string | undefined; ;) {
        const request = {
          job_id: task.job_id,
          task_id: task.id,
          limit: limits.pageSize,
          ...(cursor === undefined ? {} : { cursor }),
        };
        const page: StepPage = await untilAnswered(() => callAction(bus, 'listSteps', request, options()), signal);
        steps.push(...page.items);
        if (page.next_cursor === null) return steps;
        cursor = page.next_cursor;
      }
    },
    async keep(step, signal) {
      await untilAnswered(() => callAction(bus, 'keepStep', { ...step, worker_id: workerId }, options()), signal);
    },
  };
}

/** Asks again for as long as the run goes on; one that is to stop has asked once. */
async function untilAnswered<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ProblemError) || !error.retryable) throw error;
      signal.throwIfAborted();
      await delay(againMs);
    }
  }
}
