import { getGroupSchema, listGroupsSchema } from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleGroupId } from './examples.js';

/** The routes by which groups of failures are read. */
export const groupRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/groups',
    operationId: 'listGroups',
    tag: 'errors',
    access: 'viewer',
    summary: 'Groups of failures across jobs, the one that failed last first',
    query: listGroupsSchema,
    answer: { kind: 'json', description: 'A page of groups.', of: 'listGroups' },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID'],
  },
  {
    method: 'get',
    path: '/v1/groups/{id}',
    operationId: 'getGroup',
    tag: 'errors',
    access: 'viewer',
    summary: 'A group of failures, and how its records stand',
    id: { schema: getGroupSchema.shape.group_id, example: exampleGroupId },
    answer: { kind: 'json', description: 'The group.', of: 'getGroup' },
    problems: ['VALIDATION_FAILED', 'ERROR_GROUP_NOT_FOUND'],
  },
];
