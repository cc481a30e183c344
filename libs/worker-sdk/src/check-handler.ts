import { isJobDefinition, jobTypeSchema, limits, shown } from '@kintsugi/contracts';

/** The type that is to be served. Throws where it could not be one of a job. */
export function typeServedBy(call: 'handle' | 'plan', job: unknown): string {
  const type = jobTypeSchema.safeParse(isJobDefinition(job) ? job.type : job);
  if (!type.success) {
    throw new Error(
      `${call}() needs a job of defineJob(), or the type of the jobs: up to ${limits.typeLength} letters, digits, dots, dashes and underscores, a letter first. It got ${shown(job)}.`,
    );
  }
  return type.data;
}

/** What should run for a type. Throws where it is no function. */
export function functionServing<Handler>(call: 'handle' | 'plan', type: string, handler: Handler): Handler {
  if (typeof handler === 'function') return handler;
  throw new Error(`${call}(${shown(type)}, …) needs a function that runs for that type. It got ${shown(handler)}.`);
}
