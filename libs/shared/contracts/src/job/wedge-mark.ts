import { z } from 'zod';

/** Why jobs cannot end as things stand. */
const wedgeReasons = {
  NO_WORKER: 'Nobody offers to run the type.',
  RESOURCES: 'One task may use more than any worker of its type has.',
  CIRCLE: 'What they wait for waits for them.',
  PAUSED: 'What they wait for is paused, and has been for long.',
} as const;

type WedgeReason = keyof typeof wedgeReasons;

/** What of a wedge views of its jobs have in common with the event that tells of it. */
export const wedgeMarkShape = {
  wedge_id: z.string().describe('What keeps it from ending, which it may share with other jobs.'),
  reason: z.enum(Object.keys(wedgeReasons) as [WedgeReason, ...WedgeReason[]]).describe(
    Object.entries(wedgeReasons)
      .map(([reason, about]) => `${reason}: ${about}`)
      .join(' '),
  ),
  certain: z
    .boolean()
    .describe('false: it is so if a handler that runs waits for the jobs that it has made, of which the platform knows nothing.'),
  what: z.string().describe('The same in a sentence.'),
  do: z.string().describe('What ends it.'),
};

export const wedgeMarkSchema = z.object({
  ...wedgeMarkShape,
  since: z.string().describe('When that was told, which it is once it has stood for WEDGED_AFTER_MS.'),
});

/** What keeps a job from ending, of which job.wedged has told, if not of this job: it names the first hundred. */
export type WedgeMark = z.infer<typeof wedgeMarkSchema>;
