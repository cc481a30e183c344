import type { ProblemCode } from '@kintsugi/contracts';
import { actionsOf } from '../operations/domain/operation-request.js';
import type { DocumentedRoute } from './documented-routes.js';

/** How pools of git working copies are used, watched and repaired. */
export function poolRoutes(bodyProblems: readonly ProblemCode[]): DocumentedRoute[] {
  return [
    {
      method: 'post',
      path: '/pool-operations',
      operationId: 'poolOperation',
      tag: 'pools',
      access: 'viewer',
      summary: 'Makes, uses, watches and repairs pools of git working copies, by action',
      description:
        'Answered by the pool agent of the host that has the pool or the slot; agents run where POOL_ALLOWED_URLS names repositories. What is about all pools is ' +
        'asked of all hosts, and `hosts_away` says which did not answer. What only looks needs the role viewer; ' +
        'what gives out, takes back or repairs slots operator; what makes and removes pools and slots admin. With `dry_run` nothing is changed.',
      actions: actionsOf('/pool-operations'),
      answer: { kind: 'action', description: 'The result of the action.' },
      problems: [
        ...bodyProblems,
        'POOL_NOT_FOUND',
        'SLOT_NOT_FOUND',
        'POOL_EXISTS',
        'POOL_EXHAUSTED',
        'POOL_AMBIGUOUS',
        'POOL_HOST_AWAY',
        'SLOT_TOKEN_STALE',
        'REPOSITORY_NOT_ALLOWED',
        'REPOSITORY_UNAVAILABLE',
        'STATE_CONFLICT',
      ],
    },
  ];
}
