import { z } from 'zod';
import { limits } from '../limits.js';
import { problemCatalogue, type ProblemCode } from '../problem/problem-catalogue.js';
import { createJobAnswerSchema } from './job-preview.js';

/** The jobs are held to the contract of createJob one by one: one that is refused keeps no other from being made. */
export const createJobsSchema = z.strictObject({
  jobs: z
    .array(z.record(z.string(), z.unknown()).describe('A job as createJob takes it, with its tasks if it has any.'))
    .min(1)
    .max(limits.jobsPerRequest)
    .describe(`The jobs, of ${limits.bodyRestBytes / 1024} KiB of JSON together.`),
});

const refusalSchema = z.looseObject({
  code: z.enum(Object.keys(problemCatalogue) as [ProblemCode, ...ProblemCode[]]).describe('The code of the problem.'),
  detail: z.string().describe('What is wrong with it, and what to do.'),
});

export const createdJobsSchema = z.object({
  accepted: z.int().describe('Jobs that were accepted, those included that their keys had made before.'),
  refused: z.int().describe('Jobs that were not.'),
  jobs: z
    .array(
      z.union([
        z.object({
          accepted: z.literal(true).describe('It was.'),
          job: createJobAnswerSchema.describe('What createJob answers.'),
        }),
        z.object({
          accepted: z.literal(false).describe('It was not.'),
          problem: refusalSchema.describe('Why it was refused, as createJob says it.'),
        }),
      ]),
    )
    .describe('An entry for each job, in the order of the request.'),
});

export type CreatedJobs = z.infer<typeof createdJobsSchema>;
