import { getRetryConfigSchema, listErrorGroupsSchema, listErrorsSchema, operations, type ProblemCode } from '@kintsugi/contracts';
import { actionsOf } from '../operations/domain/operation-request.js';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleErrorRecordId } from './examples.js';
import { groupRecoveryRoutes } from './group-recovery-routes.js';
import { groupRoutes } from './group-routes.js';

const errorRecordId = { schema: operations.getError.request.shape.error_record_id, example: exampleErrorRecordId };

/** How failures are found and what is done about them. */
export function errorRoutes(bodyProblems: readonly ProblemCode[]): DocumentedRoute[] {
  return [
    {
      method: 'post',
      path: '/error-operations',
      operationId: 'errorOperation',
      tag: 'errors',
      access: 'viewer',
      summary: 'Configures and tries retries, recovers by hand and moves groups of failures, by action',
      description:
        'configureRetry, unsetRetry and revertRetry need the role admin; what only asks needs the role viewer, the others the role operator.',
      actions: actionsOf('/error-operations'),
      answer: { kind: 'action', description: 'The result of the action.' },
      problems: [
        ...bodyProblems,
        'ERROR_RECORD_NOT_FOUND',
        'ERROR_GROUP_NOT_FOUND',
        'RETRY_CONFIG_NOT_FOUND',
        'GROUP_RECOVERY_NOT_FOUND',
        'IDEMPOTENCY_MISMATCH',
        'STATE_CONFLICT',
      ],
    },
    {
      method: 'get',
      path: '/v1/errors',
      operationId: 'listErrors',
      tag: 'errors',
      access: 'viewer',
      summary: 'Error records, newest first',
      query: listErrorsSchema,
      answer: { kind: 'json', description: 'A page of error records.', of: 'listErrors' },
      problems: ['VALIDATION_FAILED', 'CURSOR_INVALID'],
    },
    {
      method: 'get',
      path: '/v1/errors/{id}',
      operationId: 'getError',
      tag: 'errors',
      access: 'viewer',
      summary: 'An error record',
      id: errorRecordId,
      answer: { kind: 'json', description: 'The error record.', of: 'getError' },
      problems: ['VALIDATION_FAILED', 'ERROR_RECORD_NOT_FOUND'],
    },
    {
      method: 'get',
      path: '/v1/error-groups',
      operationId: 'listErrorGroups',
      tag: 'errors',
      access: 'viewer',
      summary: 'Failures that look alike, the largest group first',
      query: listErrorGroupsSchema,
      answer: { kind: 'json', description: 'The groups.', of: 'listErrorGroups' },
      problems: ['VALIDATION_FAILED'],
    },
    ...groupRoutes,
    ...groupRecoveryRoutes,
    ...policyRoutes,
  ];
}

/** How the policies of retries are read. */
const policyRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/retry-configs',
    operationId: 'listRetryConfigs',
    tag: 'errors',
    access: 'viewer',
    summary: 'How failures are retried',
    answer: { kind: 'json', description: 'The default policy and those of single error types.', of: 'listRetryConfigs' },
    problems: [],
  },
  {
    method: 'get',
    path: '/v1/retry-configs/{id}',
    operationId: 'getRetryConfig',
    tag: 'errors',
    access: 'viewer',
    summary: 'What holds for an error type, and its versions',
    id: { schema: getRetryConfigSchema.shape.error_type, example: 'smtp.451' },
    answer: { kind: 'json', description: 'The policy and its versions.', of: 'getRetryConfig' },
    problems: ['VALIDATION_FAILED'],
  },
];
