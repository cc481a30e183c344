import { auditExportQuerySchema, auditQuerySchema } from '../audit/http/audit-query.js';
import type { DocumentedRoute } from './documented-routes.js';

/** The routes by which the audit is read. */
export const auditRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/audit',
    operationId: 'listAudit',
    tag: 'platform',
    access: 'admin',
    summary: 'Who had what changed, newest first',
    query: auditQuerySchema,
    answer: { kind: 'json', description: 'A page of entries.', of: 'listJobAudit' },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID'],
  },
  {
    method: 'get',
    path: '/v1/audit/export',
    operationId: 'exportAudit',
    tag: 'platform',
    access: 'admin',
    summary: 'The chain of a service as it is stored, to be kept and verified elsewhere',
    query: auditExportQuerySchema,
    answer: { kind: 'json', description: 'Entries in their order; none at the end.', of: 'exportJobAudit' },
    problems: ['VALIDATION_FAILED', 'FORBIDDEN'],
  },
];
