import { streamQuerySchema } from '../live/http/stream-query.js';
import type { DocumentedRoute } from './documented-routes.js';

/** The routes that tell what is now. */
export const liveRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/fleet',
    operationId: 'getFleet',
    tag: 'platform',
    access: 'viewer',
    summary: 'How all of the platform goes on: rates, queues, workers, retries, groups of failures that grow',
    answer: { kind: 'json', description: 'How it goes on.', of: 'getFleet' },
    problems: ['FORBIDDEN'],
  },
  {
    method: 'get',
    path: '/v1/stream',
    operationId: 'followTopics',
    tag: 'platform',
    access: 'viewer',
    summary: 'Many topics over one connection (server-sent events)',
    description:
      '`job:<id>` tells how a job goes on, and `fleet` how the platform does, at once and then whenever something is other than before, ' +
      'under the name of the topic. `jobs` tells each event of each job and `groups` each of a group of failures, once, under its own name ' +
      '(`job.failed`, `group.regressed`), with an id. These begin with `ready`, whose id is the place where they begin; a client that comes ' +
      'back with `Last-Event-ID` gets what it missed. `gap` says that events are missing: `slow`, the client did not read them in time ' +
      '(`from_id` to `to_id`, `dropped` of them); `gone`, they are kept no more; `stream_lost`, the broker has another stream of events. ' +
      'A slow client hears only the newest of `job:<id>` and `fleet`. `unavailable` says that a topic cannot be read for now, or any more. ' +
      '`closing` asks to connect again. A comment comes every 15 seconds (EVENT_HEARTBEAT_MS). A key that is bound to a tenant hears of ' +
      'its jobs by `job:<id>` and of its `groups`.',
    query: streamQuerySchema,
    headers: [
      {
        name: 'Last-Event-ID',
        description: 'The id of the last event that was received.',
        pattern: '^[0-9]{1,15}(-[0-9]{1,15})?$',
      },
    ],
    answer: { kind: 'plain', description: 'The events.', mediaType: 'text/event-stream' },
    problems: ['VALIDATION_FAILED', 'HEADER_INVALID', 'FORBIDDEN', 'JOB_NOT_FOUND', 'OVERLOADED'],
  },
];
