import { getGroupRecoverySchema, listGroupRecoveriesSchema, listRecoveryItemsSchema } from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleGroupRecoveryId } from './examples.js';

const id = { schema: getGroupRecoverySchema.shape.recovery_id, example: exampleGroupRecoveryId };

/** The routes by which recoveries of groups are watched. */
export const groupRecoveryRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/group-recoveries',
    operationId: 'listGroupRecoveries',
    tag: 'errors',
    access: 'viewer',
    summary: 'Recoveries of groups, newest first',
    query: listGroupRecoveriesSchema,
    answer: { kind: 'json', description: 'A page of recoveries.', of: 'listGroupRecoveries' },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID'],
  },
  {
    method: 'get',
    path: '/v1/group-recoveries/{id}',
    operationId: 'getGroupRecovery',
    tag: 'errors',
    access: 'viewer',
    summary: 'The recovery of a group, with how far it is',
    id,
    answer: { kind: 'json', description: 'The recovery.', of: 'getGroupRecovery' },
    problems: ['VALIDATION_FAILED', 'GROUP_RECOVERY_NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/v1/group-recoveries/{id}/items',
    operationId: 'listRecoveryItems',
    tag: 'errors',
    access: 'viewer',
    summary: 'What the recovery of a group has done about each record',
    id,
    query: listRecoveryItemsSchema.omit({ recovery_id: true }),
    answer: { kind: 'json', description: 'A page of records.', of: 'listRecoveryItems' },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID', 'GROUP_RECOVERY_NOT_FOUND'],
  },
];
