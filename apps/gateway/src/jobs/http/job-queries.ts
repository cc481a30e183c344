import { z } from 'zod';
import { jobStatuses, listJobsSchema, listStepsSchema, listTasksSchema, queryLimitSchema } from '@kintsugi/contracts';

/** `status` may be repeated or hold several, comma separated. */
const statusesSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((value) => value.split(',')))
  .pipe(z.array(z.enum(jobStatuses)).min(1).max(jobStatuses.length))
  .optional();

/** The query of `GET /v1/jobs`. */
export const jobsQuerySchema = listJobsSchema.extend({ limit: queryLimitSchema, status: statusesSchema });

export type JobsQuery = z.output<typeof jobsQuerySchema>;

/** The query of `GET /v1/jobs/{id}/tasks`. */
export const tasksQuerySchema = listTasksSchema.omit({ job_id: true }).extend({ limit: queryLimitSchema });

export type TasksQuery = z.output<typeof tasksQuerySchema>;

/** The query of `GET /v1/jobs/{id}/steps`. */
export const stepsQuerySchema = listStepsSchema.omit({ job_id: true }).extend({ limit: queryLimitSchema });

export type StepsQuery = z.output<typeof stepsQuerySchema>;
