import type { JobDefinition, PayloadOutput, ResultInput } from '@kintsugi/contracts';
import { TaskRun, type TaskContext, type TaskHandler } from './task-context.js';
import { TaskError } from './task-error.js';

/**
 * Looks whether what a run was for is really so, once the handler has come to its end. It throws, or gives false, where it is not:
 * then the run has failed.
 */
export type TaskCheck<Payload = unknown, Result = unknown> = (
  context: TaskContext<Payload>,
  result: Result,
) => boolean | undefined | Promise<boolean | undefined>;

export interface HandleOptions<Payload = unknown, Result = unknown> {
  /** Asked after each run that follows a failed one: the task has recovered only where it passes. */
  verify?: TaskCheck<Payload, Result>;
}

export type JobHandleOptions<Definition extends JobDefinition> = HandleOptions<
  PayloadOutput<Definition>,
  ResultInput<Definition>
>;

const errorType = 'verify.failed';

/** The handler, with each run that follows a failed one checked before it counts as a success. */
export function checkedHandler(type: string, handler: TaskHandler, { verify }: HandleOptions): TaskHandler {
  if (verify === undefined) return handler;
  if (typeof verify !== 'function') throw new Error(`handle(${type}, …) needs a function as verify.`);
  return async (context) => {
    const result = await handler(context);
    if (context.attempt === 1) return result;
    await requirePassed(verify, context, result);
    if (context instanceof TaskRun) context.isVerified = true;
    return result;
  };
}

/** Throws where the check does not pass: its own kind of error where it names one. */
async function requirePassed(verify: TaskCheck, context: TaskContext, result: unknown): Promise<void> {
  let passes: boolean | undefined;
  try {
    passes = await verify(context, result);
  } catch (error) {
    if (TaskError.is(error)) throw error;
    const what = error instanceof Error ? error.message : String(error);
    const message = `The run came to its end, and its check failed: ${what}`;
    throw new TaskError(message, { error_type: errorType }, { cause: error });
  }
  if (passes === false) throw new TaskError('The run came to its end, and its check did not pass.', { error_type: errorType });
}
