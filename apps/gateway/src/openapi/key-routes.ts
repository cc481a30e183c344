import {
  apiKeyIdSchema,
  createKeySchema,
  keyListSchema,
  madeKeySchema,
  revokedKeySchema,
  rotateKeySchema,
  type ProblemCode,
} from '@kintsugi/contracts';
import type { DocumentedRoute } from './documented-routes.js';

const id = { schema: apiKeyIdSchema, example: 'nightly-batch' };
const ofAllTenants = 'Keys that are bound to a tenant are refused. Each change is in the audit, in the chain `access`.';

/** The routes by which API keys are managed. */
export const keyRoutes = (bodyProblems: readonly ProblemCode[]): DocumentedRoute[] => [
  {
    method: 'get',
    path: '/v1/keys',
    operationId: 'listKeys',
    tag: 'platform',
    access: 'admin',
    summary: 'The API keys, without what they consist of',
    description: ofAllTenants,
    answer: { kind: 'schema', description: 'All that there ever were, the oldest first.', name: 'KeyList', of: keyListSchema },
    problems: ['STATE_CONFLICT'],
  },
  {
    method: 'post',
    path: '/v1/keys',
    operationId: 'createKey',
    tag: 'platform',
    access: 'admin',
    summary: 'Makes an API key, which is told this once',
    description: ofAllTenants,
    body: { name: 'CreateKey', of: createKeySchema, example: { id: 'nightly-batch', role: 'operator', tenant: 'acme' } },
    answer: { kind: 'schema', description: 'The key.', name: 'MadeKey', of: madeKeySchema },
    problems: [...bodyProblems, 'STATE_CONFLICT', 'KEY_EXISTS'],
  },
  {
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    operationId: 'rotateKey',
    tag: 'platform',
    access: 'admin',
    summary: 'Puts a new API key in the place of one, with the same name, role and end',
    description: ofAllTenants,
    id,
    query: rotateKeySchema,
    answer: { kind: 'schema', description: 'The new key, told this once.', name: 'MadeKey', of: madeKeySchema },
    problems: ['VALIDATION_FAILED', 'STATE_CONFLICT', 'KEY_NOT_FOUND'],
  },
  {
    method: 'post',
    path: '/v1/keys/{id}/revoke',
    operationId: 'revokeKey',
    tag: 'platform',
    access: 'admin',
    summary: 'Ends an API key: within a second no gateway accepts it',
    description: ofAllTenants,
    id,
    answer: { kind: 'schema', description: 'It is revoked.', name: 'RevokedKey', of: revokedKeySchema },
    problems: ['VALIDATION_FAILED', 'STATE_CONFLICT', 'KEY_NOT_FOUND'],
  },
];
