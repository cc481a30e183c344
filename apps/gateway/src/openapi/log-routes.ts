import { z } from 'zod';
import { jobIdSchema, logFilterShape, readJobLogSchema } from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleJobId } from './examples.js';

const id = { schema: jobIdSchema, example: exampleJobId };

/** The routes by which logs are read. */
export const logRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/jobs/{id}/logs',
    operationId: 'readJobLog',
    tag: 'jobs',
    access: 'viewer',
    summary: 'What the tasks of a job have written',
    description:
      'Lines in the order in which they were stored, a page at a time. With `follow` they come as server-sent events: `lines` has a list of them, ' +
      'and the id that continues the stream as Last-Event-ID; `end` says that the job is over. Lines hold what was written, with its control characters.',
    id,
    query: readJobLogSchema.omit({ job_id: true }).extend({
      follow: z.enum(['', 'true', 'false']).optional().describe('Server-sent events, until the job is over.'),
    }),
    headers: [{ name: 'Last-Event-ID', description: 'With follow: the id of the last event that is known already.' }],
    answer: { kind: 'json', description: 'A page of lines.', of: 'readJobLog' },
    problems: ['VALIDATION_FAILED', 'JOB_NOT_FOUND', 'OVERLOADED'],
  },
  {
    method: 'get',
    path: '/logs/download/{id}',
    operationId: 'downloadLog',
    tag: 'jobs',
    access: 'viewer',
    summary: 'The log of a job, or of one of its tasks, as a file',
    description:
      'A line begins with its time, its task, the attempt and the stream. Packed with gzip where that is accepted; a part of it with Range.',
    id,
    query: z.object({ task_id: logFilterShape.task_id }),
    headers: [{ name: 'Range', description: 'The bytes that are wanted, such as `bytes=0-1023`.' }],
    answer: { kind: 'plain', description: 'The log.', mediaType: 'text/plain' },
    others: { 206: { description: 'The bytes that Range asked for.', mediaType: 'text/plain' } },
    problems: ['VALIDATION_FAILED', 'JOB_NOT_FOUND', 'RANGE_NOT_SATISFIABLE', 'OVERLOADED'],
  },
];
