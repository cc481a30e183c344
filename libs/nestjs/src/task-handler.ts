import { SetMetadata } from '@nestjs/common';
import type { JobDefinition, JobHandler, TaskHandler as Handler } from '@kintsugi/worker-sdk';

export const TASK_HANDLER = 'kintsugi:task-handler';

/** A method that may be a handler of a job; the compiler refuses any other. */
type DecoratesMethod<Handles> = <Method extends Handles>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** Runs the tasks of a defined job, or of a type, by this method of a provider or controller. */
export function TaskHandler<Definition extends JobDefinition>(job: Definition): DecoratesMethod<JobHandler<Definition>>;
export function TaskHandler(type: string): DecoratesMethod<Handler>;
export function TaskHandler(job: JobDefinition | string): MethodDecorator {
  return SetMetadata(TASK_HANDLER, job);
}
