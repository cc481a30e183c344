import { z } from 'zod';
import { DEFAULT_TENANT } from '../access/tenant.js';
import { jobOrderShape } from '../job/batch-job.js';

const groupShape = {
  group_id: z.string().describe('The group.'),
  tenant: jobOrderShape.tenant.default(DEFAULT_TENANT),
  error_type: z.string().describe('The kind of failure.'),
  title: z.string().describe('The message, with <*> for what differs.'),
};

/** What is told of groups of failures. */
export const groupEvents = {
  'group.regressed': {
    source: 'recovery-service',
    about: 'A group of failures that people had resolved has come back: it is open again.',
    data: z.object({
      groups: z
        .array(
          z.object({
            ...groupShape,
            resolved_at: z.string().describe('When it was resolved.'),
            regressed_at: z.string().describe('When it failed again.'),
            job_id: z.string().describe('The job.'),
            error_record_id: z.string().describe('The error record of that failure.'),
          }),
        )
        .describe('Every group that came back in the same write.'),
    }),
  },
  'group.reopened': {
    source: 'recovery-service',
    about: 'A group of failures was ignored until a time or a count, which has come: it is open again.',
    data: z.object({
      groups: z
        .array(
          z.object({
            ...groupShape,
            ignored_at: z.string().describe('Since when it was ignored.'),
            reopened_at: z.string().describe('Since when it is open.'),
            reason: z.enum(['time', 'count']).describe('What has come: the time, or more failures than the count.'),
          }),
        )
        .describe('Every group that was opened in the same write.'),
    }),
  },
} as const;
