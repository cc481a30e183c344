import { z } from 'zod';
import { jobOrderShape } from './batch-job.js';
import { jobReceiptSchema, type JobReceipt } from './job-requests.js';

const ruleSources = ['job', 'default', 'caller', 'platform'] as const;

const previewRuleSchema = z.object({
  field: z.string().describe('What it decides.'),
  value: z.unknown().describe('What it comes to.'),
  from: z
    .enum(ruleSources)
    .describe(
      'job: the request says so. default: what holds where a request says nothing. caller: it follows from who asks. platform: it is so now.',
    ),
  says: z.string().describe('The same in a sentence.'),
});

export type PreviewRule = z.infer<typeof previewRuleSchema>;

/** What createJob would have done; nothing was stored. */
export const jobPreviewSchema = z.object({
  validate_only: z.literal(true).describe('Nothing was stored.'),
  job: z.object({
    ...jobOrderShape,
    total_tasks: z.int().nullable().describe('All its tasks; null where a plan handler would make them.'),
  }),
  rules: z.array(previewRuleSchema).describe('What would hold for it, rule by rule.'),
});

export type JobPreview = z.infer<typeof jobPreviewSchema>;

export const createJobAnswerSchema = z.union([jobReceiptSchema, jobPreviewSchema]);

export type CreateJobAnswer = JobReceipt | JobPreview;

export function isPreview(answer: CreateJobAnswer): answer is JobPreview {
  return 'validate_only' in answer;
}
