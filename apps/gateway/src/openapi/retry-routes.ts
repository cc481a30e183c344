import { jobIdSchema } from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleJobId } from './examples.js';

/** The route by which a failed job is run again. */
export const retryRoutes: DocumentedRoute[] = [
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
];
