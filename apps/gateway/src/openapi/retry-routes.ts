import { jobIdSchema, type ProblemCode } from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleJobId } from './examples.js';

/** The routes by which a failed job is run again, all of it or in part. */
export const retryRoutes = (bodyProblems: readonly ProblemCode[]): DocumentedRoute[] => [
  {
    method: 'post',
    path: '/retry/{id}',
    operationId: 'retryJob',
    tag: 'jobs',
    access: 'operator',
    summary: 'Runs a failed job again',
    description:
      'The same as the action retryJob: a new job with the same tasks and with `original_job_id`, whose path is the Location. An external ' +
      'job stays the same one: its producer is asked. Refused while the job is not failed, and while a retry of it runs or has completed.',
    id: { schema: jobIdSchema, example: exampleJobId },
    answer: { kind: 'json', description: 'The job that runs now.', of: 'retryJob' },
    problems: ['VALIDATION_FAILED', 'JOB_NOT_FOUND', 'STATE_CONFLICT'],
  },
  {
    method: 'post',
    path: '/rerun-partial',
    operationId: 'rerunPartial',
    tag: 'jobs',
    access: 'operator',
    summary: 'Runs a part of a job again',
    description:
      'The same as the action rerunPartial: what has failed of a job that is over, or what is selected of it, with all that waits for it, as a new ' +
      'job with `original_job_id`, whose path is the Location. What has succeeded is kept with its results; with `reuse: unchanged` only what was made of the same inputs, in whichever run. ' +
      'With `definition: latest` it is made as the schedule of the job says now, or as its newest run has it. With `dry_run`, only the plan.',
    takes: 'rerunPartial',
    answer: {
      kind: 'json',
      description: 'What is run again, what is kept, what is refused, and the job that runs now.',
      of: 'rerunPartial',
    },
    problems: [...bodyProblems, 'JOB_NOT_FOUND', 'STATE_CONFLICT'],
  },
];
