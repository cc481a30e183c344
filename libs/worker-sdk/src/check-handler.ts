import { jobTypeSchema, limits, shown } from '@kintsugi/contracts';

/** Throws where a type could not be one of a job, or where what should run for it is no function. */
export function checkHandler(call: 'handle' | 'plan', type: unknown, handler: unknown): void {
  if (!jobTypeSchema.safeParse(type).success) {
    throw new Error(
      `${call}() needs the type of the jobs: up to ${limits.typeLength} letters, digits, dots, dashes and underscores, a letter first. It got ${shown(type)}.`,
    );
  }
  if (typeof handler !== 'function') {
    throw new Error(`${call}(${shown(type)}, …) needs a function that runs for that type. It got ${shown(handler)}.`);
  }
}
