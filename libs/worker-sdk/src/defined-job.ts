import {
  asJson,
  checkJobValue,
  isJobDefinition,
  type JobDefinition,
  type PayloadOutput,
  type ResultInput,
  type TaskInput,
  type TaskOf,
} from '@kintsugi/contracts';
import type { PlanContext, PlanHandler } from './plan-runner.js';
import type { TaskContext, TaskHandler } from './task-context.js';
import { NonRetryable } from './task-error.js';
import { checkedHandler, type HandleOptions } from './verify-run.js';

/** A handler of a defined job: it gets what the definition makes of the payload, and gives back what it reads as a result. */
export type JobHandler<Definition extends JobDefinition> = (
  context: TaskContext<PayloadOutput<Definition>>,
) => ResultInput<Definition> | Promise<ResultInput<Definition>>;

/** Gives the tasks of a defined job. */
export type JobPlan<Definition extends JobDefinition> = (
  context: PlanContext,
) => AsyncIterable<TaskOf<Definition>> | Iterable<TaskOf<Definition>>;

/**
 * The handler of a definition, with what it gets and gives back checked; of a type alone, the handler as it is. Where a `verify` is
 * given, each run of either that follows a failed one has to pass it.
 */
export function handlerOf(
  job: JobDefinition | string,
  handler: JobHandler<JobDefinition> | TaskHandler,
  options: HandleOptions = {},
): TaskHandler {
  const [type, run] = isJobDefinition(job) ? [job.type, readingHandler(job, handler)] : [job, handler];
  return checkedHandler(type, run, options);
}

function readingHandler(job: JobDefinition, handler: JobHandler<JobDefinition>): TaskHandler {
  return async (context) => {
    const given = await checkJobValue(job.payload, context.task.payload, 'payload');
    if (given.fault !== undefined) {
      throw refusal('task.payload_invalid', `The payload does not fit the job ${job.type}`, given.fault);
    }
    context.task.payload = given.value;
    const result = await handler(context);
    if (!job.result) return result;
    // What a reader will get is checked, and not what becomes of it on the way.
    const kept = await checkJobValue(job.result, asJson(result) ?? null, 'result');
    if (kept.fault !== undefined) throw refusal('task.result_invalid', `The result does not fit the job ${job.type}`, kept.fault);
    return result;
  };
}

/** The plan of a definition, with each payload checked; of a type alone, the plan as it is. */
export function planOf(job: JobDefinition | string, plan: JobPlan<JobDefinition> | PlanHandler): PlanHandler {
  if (!isJobDefinition(job)) return plan as PlanHandler;
  return async function* (context) {
    let number = 0;
    for await (const task of plan(context)) {
      number += 1;
      const { payload = null } = (asJson(task) ?? {}) as TaskInput;
      const planned = await checkJobValue(job.payload, payload, 'payload');
      if (planned.fault !== undefined) {
        throw refusal('plan.task_invalid', `Task ${number} of the plan does not fit the job ${job.type}`, planned.fault);
      }
      yield task;
    }
  };
}

function refusal(errorType: string, what: string, fault: string): NonRetryable {
  return new NonRetryable(`${what}: ${fault}`, { error_type: errorType });
}
