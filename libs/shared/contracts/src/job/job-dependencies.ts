import { z } from 'zod';
import { limits } from '../limits.js';
import { jobIdPattern } from '../identifiers.js';

export const dependencyConditions = ['completed', 'finished'] as const;

const awaitedIdSchema = z.string().regex(jobIdPattern, 'an id like job_01890a5d-ac96-774b-bcce-b302099a8057');

const conditionSchema = z
  .enum(dependencyConditions)
  .describe('completed: it has to end as completed. finished: it may end however it likes, or be deleted.');

/** What a job waits for as its callers give it: the id of a job alone means that it has to be completed. */
export const givenDependenciesSchema = z
  .array(
    z.union([
      awaitedIdSchema,
      z.strictObject({
        job_id: awaitedIdSchema.describe('The job that is waited for.'),
        on: conditionSchema.default('completed'),
      }),
    ]),
  )
  .max(limits.awaitedJobs);

export type GivenDependencies = z.output<typeof givenDependenciesSchema>;

export const jobDependencySchema = z.object({
  job_id: awaitedIdSchema.describe('The job that is waited for.'),
  on: conditionSchema,
});

export type JobDependency = z.infer<typeof jobDependencySchema>;

/** The same, each with its condition. */
export function dependenciesOf(given: GivenDependencies | undefined): JobDependency[] {
  return (given ?? []).map((one) => (typeof one === 'string' ? { job_id: one, on: 'completed' } : one));
}
