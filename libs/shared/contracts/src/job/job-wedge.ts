import { z } from 'zod';
import { DEFAULT_TENANT } from '../access/tenant.js';
import { jobOrderShape } from './batch-job.js';

/** Why jobs cannot end as things stand. */
const wedgeReasons = {
  NO_WORKER: 'Nobody offers to run the type.',
  RESOURCES: 'One task may use more than any worker of its type has.',
  CIRCLE: 'What they wait for waits for them.',
  PAUSED: 'What they wait for is paused, and has been for long.',
} as const;

type WedgeReason = keyof typeof wedgeReasons;

export const wedgeShape = {
  tenant: jobOrderShape.tenant.default(DEFAULT_TENANT),
  wedge_id: z.string().describe('What keeps it from ending, which it may share with other jobs.'),
  reason: z.enum(Object.keys(wedgeReasons) as [WedgeReason, ...WedgeReason[]]).describe(
    Object.entries(wedgeReasons)
      .map(([reason, about]) => `${reason}: ${about}`)
      .join(' '),
  ),
  certain: z
    .boolean()
    .describe('false: it is so if a handler that runs waits for the jobs that it has made, of which the platform knows nothing.'),
  chain: z
    .array(z.string())
    .describe('From what the first of the jobs waits for to what is missing, or round the circle, which ends where it began.'),
  what: z.string().describe('The same in a sentence.'),
  do: z.string().describe('What ends it.'),
};
