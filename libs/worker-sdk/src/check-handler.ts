import { isJobDefinition, jobTypeSchema, limits, shown } from '@kintsugi/contracts';

/** The type that is to be served. Throws where it could not be one of a job, or where what should run for it is no function. */
export function typeServedBy(call: 'handle' | 'plan', job: unknown, handler: unknown): string {
  const type = jobTypeSchema.safeParse(isJobDefinition(job) ? job.type : job);
  if (!type.success) {
    throw new Error(
      `${call}() needs a job of defineJob(), or the type of the jobs: up to ${limits.typeLength} letters, digits, dots, dashes and underscores, a letter first. It got ${shown(job)}.`,
    );
  }
  if (typeof handler !== 'function') {
    throw new Error(`${call}(${shown(type.data)}, …) needs a function that runs for that type. It got ${shown(handler)}.`);
  }
  return type.data;
}
