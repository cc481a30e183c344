import { z } from 'zod';
import { DEFAULT_TENANT } from '../access/tenant.js';
import { limits } from '../limits.js';
import { jobIdSchema, jobOrderShape } from './batch-job.js';
import { wedgeMarkSchema, wedgeMarkShape } from './wedge-mark.js';

export const wedgeShape = {
  tenant: jobOrderShape.tenant.default(DEFAULT_TENANT),
  ...wedgeMarkShape,
  chain: z
    .array(z.string())
    .describe('From what the first of the jobs waits for to what is missing, or round the circle, which ends where it began.'),
};

export const checkWedgesSchema = z.strictObject({
  job_ids: z.array(jobIdSchema).min(1).max(limits.pageSize).describe('The jobs.'),
});

export const wedgedJobsSchema = z.object({
  wedged: z
    .array(wedgeMarkSchema.extend({ job_id: jobIdSchema }))
    .describe('Those of them that cannot end as things stand, and why.'),
});
