import type { z } from 'zod';
import {
  jobIdSchema,
  limits,
  listJobsSchema,
  listStepsSchema,
  listTasksSchema,
  type ActionName,
  type ProblemCode,
} from '@kintsugi/contracts';
import type { Access } from '../keys/http/access.js';
import { actionsOf, type EndpointAction } from '../operations/domain/operation-request.js';
import { errorRoutes } from './error-routes.js';
import { exampleJobId } from './examples.js';
import { liveRoutes } from './live-routes.js';
import { logRoutes } from './log-routes.js';
import { poolRoutes } from './pool-routes.js';
import { retryRoutes } from './retry-routes.js';
import { scheduleRoutes } from './schedule-routes.js';
import { alertRoutes } from './alert-routes.js';
import { auditRoutes } from './audit-routes.js';
import { keyRoutes } from './key-routes.js';
import { webhookRoutes } from './webhook-routes.js';
import { deadLetterRoutes } from './dead-letter-routes.js';

/** A route as the API description tells it. A test holds the list to the routes that there are, and to what they ask of a caller. */
export interface DocumentedRoute {
  method: 'get' | 'post';
  path: string;
  operationId: string;
  tag: 'jobs' | 'errors' | 'pools' | 'platform';
  access: Access;
  summary: string;
  description?: string;
  /** The `{id}` of the path. */
  id?: { schema: z.ZodType; example: string };
  query?: z.ZodObject;
  headers?: { name: string; description: string; pattern?: string }[];
  /** For the endpoints that take `{action, data}`. */
  actions?: ActionName[];
  /** For a path whose body is the data of one action. */
  takes?: EndpointAction;
  /** For a path whose body is of no action. */
  body?: { name: string; of: z.ZodType; example: unknown };
  takesUploads?: boolean;
  answer: Answer;
  /** What it answers beside that and its problems, by status. */
  others?: Record<number, { description: string; mediaType?: string }>;
  problems: ProblemCode[];
}

type Answer =
  | { kind: 'json'; description: string; of: ActionName }
  | { kind: 'schema'; description: string; name: string; of: z.ZodType }
  | { kind: 'plain'; description: string; mediaType: string }
  | { kind: 'action'; description: string };

const jobId = { schema: jobIdSchema, example: exampleJobId };

const bodyProblems: ProblemCode[] = [
  'JSON_INVALID',
  'JSON_TOO_DEEP',
  'ENCODING_INVALID',
  'BODY_TRUNCATED',
  'BODY_TOO_LARGE',
  'CONTENT_TYPE_UNSUPPORTED',
  'REQUEST_TIMEOUT',
  'VALIDATION_FAILED',
  'ACTION_UNKNOWN',
  'OVERLOADED',
];

const jobRoutes: DocumentedRoute[] = [
  {
    method: 'post',
    path: '/job-operations',
    operationId: 'jobOperation',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Creates, cancels, pauses, resumes, reprioritises, deletes and describes jobs and their schedules, by action',
    description:
      'A job of up to 10,000 tasks may be given as one JSON body. A larger one, of up to 1,000,000 tasks, is uploaded as NDJSON: the ' +
      'first line is `{action, data}` without `tasks`, each further line one task. Nothing is accepted before the last line was ' +
      'checked; the problem of a bad line names its number. createJob needs the role operator; the body of a viewer, who can only ' +
      `ask, may have ${limits.viewerBodyBytes / 1024} KiB.`,
    headers: [
      { name: 'Idempotency-Key', description: 'The same as `data.idempotency_key`: the same key makes one job, for seven days.' },
      {
        name: 'If-Match',
        description: 'With updateBatchJob the same as `data.expected_version`: the ETag of the job as it was read.',
        pattern: '^("[0-9]{1,15}"|\\*)$',
      },
    ],
    actions: actionsOf('/job-operations'),
    takesUploads: true,
    answer: { kind: 'action', description: 'The result of the action.' },
    problems: [
      ...bodyProblems,
      'TASK_INVALID',
      'TASK_ID_DUPLICATE',
      'DEPENDENCY_INVALID',
      'TOO_MANY_TASKS',
      'IDEMPOTENCY_KEY_INVALID',
      'IDEMPOTENCY_MISMATCH',
      'JOB_NOT_FOUND',
      'SCHEDULE_NOT_FOUND',
      'SCHEDULE_EXISTS',
      'CURSOR_INVALID',
      'STATE_CONFLICT',
      'RUN_BY_WORKERS',
      'VERSION_CONFLICT',
      'UPLOAD_CONFLICT',
    ],
  },
  {
    method: 'get',
    path: '/v1/jobs',
    operationId: 'listJobs',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Jobs, newest first',
    query: listJobsSchema,
    answer: { kind: 'json', description: 'A page of jobs.', of: 'listJobs' },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID'],
  },
  {
    method: 'get',
    path: '/v1/jobs/{id}',
    operationId: 'getJob',
    tag: 'jobs',
    access: 'viewer',
    summary: 'A job as it is now',
    description: 'An external job has its `version` as ETag too: If-Match of updateBatchJob takes it.',
    id: jobId,
    answer: { kind: 'json', description: 'The job.', of: 'getJob' },
    problems: ['VALIDATION_FAILED', 'JOB_NOT_FOUND'],
  },
  ...retryRoutes(bodyProblems),
  ...logRoutes,
  ...scheduleRoutes,
  ...webhookRoutes,
  ...deadLetterRoutes,
  ...alertRoutes(bodyProblems),
  ...auditRoutes,
  ...keyRoutes(bodyProblems),
  {
    method: 'get',
    path: '/v1/jobs/{id}/why',
    operationId: 'explainJob',
    tag: 'jobs',
    access: 'viewer',
    summary: 'Why a job does not go on',
    description:
      'What each part of its tasks waits for, who or what has that, how long it may take and what to do. The same state of ' +
      'the platform gives the same answer. `waiting` is empty where nothing is in the way of the job, and when it has ended well.',
    id: jobId,
    answer: { kind: 'json', description: 'What it waits for.', of: 'explainJob' },
    problems: ['VALIDATION_FAILED', 'JOB_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/jobs/{id}/tasks',
    operationId: 'listTasks',
    tag: 'jobs',
    access: 'viewer',
    summary: 'The tasks of a job',
    id: jobId,
    query: listTasksSchema.omit({ job_id: true }),
    answer: { kind: 'json', description: 'A page of tasks.', of: 'listTasks' },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID', 'JOB_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/jobs/{id}/steps',
    operationId: 'listSteps',
    tag: 'jobs',
    access: 'viewer',
    summary: 'The steps of a task that are kept',
    description: 'What parts of its handler have returned, in their order: the next run of the task goes on behind them.',
    id: jobId,
    query: listStepsSchema.omit({ job_id: true }),
    answer: { kind: 'json', description: 'A page of steps.', of: 'listSteps' },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID', 'JOB_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/jobs/{id}/events',
    operationId: 'followJob',
    tag: 'jobs',
    access: 'viewer',
    summary: 'What happens to a job, as it happens (server-sent events)',
    description:
      'First comes `snapshot` with the job as it is. Then each event of the job, under its own name (`job.progressed`, `task.failed`, …), ' +
      'with its entry for this job and the `time`; the id is its place in the stream of events. A client that comes back with ' +
      '`Last-Event-ID` gets what it missed instead of a snapshot, `reset` and a snapshot when that is gone, or 204 and nothing when the job is over and it missed nothing. An event may tell of a ' +
      'moment just before the snapshot. `end` says that nothing more will come, and the stream is closed: after `job.completed` and ' +
      '`job.cancelled`. After `job.failed` it stays open, since a failed job may recover; close it if you do not want to wait for that. ' +
      '`closing` asks to connect again: this server stops, or the API key is no longer good, which the next answer then says. ' +
      'A comment comes every 15 seconds (EVENT_HEARTBEAT_MS).',
    id: jobId,
    headers: [
      {
        name: 'Last-Event-ID',
        description: 'The id of the last event that was received.',
        pattern: '^[0-9]{1,15}(-[0-9]{1,15})?$',
      },
    ],
    answer: { kind: 'plain', description: 'The events.', mediaType: 'text/event-stream' },
    others: { 204: { description: 'The job is over, and the client that comes back knows its end: nothing more will come.' } },
    problems: ['VALIDATION_FAILED', 'HEADER_INVALID', 'JOB_NOT_FOUND', 'OVERLOADED'],
  },
];

const plain = (description: string, mediaType = 'application/json'): Answer => ({ kind: 'plain', description, mediaType });

const platformRoutes: DocumentedRoute[] = [
  [
    '/health',
    'health',
    'viewer',
    'How the platform is: ok, degraded or failing, with reasons and what to do',
    plain(
      '`overall` and `reasons`; each process with its checks, version, CPU and memory, and for admins its settings without their secrets; jobs by state, those of the last hour; workers; logs; slots of pools by state; what waits; the host.',
    ),
  ],
  ['/health/live', 'live', 'anyone', 'Whether this gateway is alive', plain('It is.')],
  [
    '/health/ready',
    'ready',
    'anyone',
    'Whether the platform can do its work',
    plain('It can.'),
    { 503: { description: 'It cannot: the same body.', mediaType: 'application/json' } },
  ],
  [
    '/metrics',
    'metrics',
    'viewer',
    'The metrics of the whole platform, for Prometheus',
    plain('Prometheus text format.', 'text/plain'),
  ],
  [
    '/metrics/targets',
    'metricsTargets',
    'viewer',
    'Where each process gives its own metrics, for the HTTP service discovery of Prometheus',
    plain(
      'A list of `{targets: [host:port], labels: {service, instance}}`. 503 while NATS is away: Prometheus then keeps its last list.',
    ),
  ],
  ['/openapi.json', 'openapi', 'anyone', 'This description', plain('An OpenAPI 3.1 document.')],
  ['/docs', 'docs', 'anyone', 'A page to read this description and to try it', plain('The page.', 'text/html')],
  ['/docs/{file}', 'docsFile', 'anyone', 'A part of that page', plain('The file.', '*/*')],
].map(([path, operationId, access, summary, answer, others]) => ({
  method: 'get' as const,
  path: path as string,
  operationId: operationId as string,
  tag: 'platform' as const,
  access: access as Access,
  summary: summary as string,
  answer: answer as Answer,
  ...(others ? { others: others as NonNullable<DocumentedRoute['others']> } : {}),
  problems: path === '/docs/{file}' ? ['ROUTE_NOT_FOUND'] : [],
}));

export const documentedRoutes: readonly DocumentedRoute[] = [
  ...jobRoutes,
  ...errorRoutes(bodyProblems),
  ...poolRoutes(bodyProblems),
  ...liveRoutes,
  ...platformRoutes,
];
