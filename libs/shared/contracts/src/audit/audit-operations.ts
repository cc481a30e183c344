import type { Operation } from '../operation.js';
import {
  auditExportSchema,
  auditPageSchema,
  exportAuditSchema,
  keepAuditSchema,
  keptAuditSchema,
  listAuditSchema,
} from './audit-entry.js';

const list = {
  role: 'admin',
  tenancy: 'records',
  request: listAuditSchema,
  response: auditPageSchema,
} as const;
const exported = {
  role: 'admin',
  tenancy: 'records',
  request: exportAuditSchema,
  response: auditExportSchema,
} as const;

/** How the chain of each service is read. */
export const auditOperations = {
  keepAudit: {
    service: 'recovery',
    role: 'operator',
    tenancy: 'services',
    about: 'Between services: writes who has something changed at pool-agent, which has no database, into the chain.',
    request: keepAuditSchema,
    response: keptAuditSchema,
  },
  listJobAudit: { ...list, service: 'job', about: 'Who had what changed at job-service.' },
  listRecoveryAudit: { ...list, service: 'recovery', about: 'Who had what changed at recovery-service.' },
  listMetricsAudit: { ...list, service: 'metrics', about: 'Who had what changed at metrics-service.' },
  exportJobAudit: {
    ...exported,
    service: 'job',
    about: 'The chain of job-service as it is stored, for who is bound to no tenant.',
  },
  exportRecoveryAudit: {
    ...exported,
    service: 'recovery',
    about: 'The chain of recovery-service as it is stored, for who is bound to no tenant.',
  },
  exportMetricsAudit: {
    ...exported,
    service: 'metrics',
    about: 'The chain of metrics-service as it is stored, for who is bound to no tenant.',
  },
} as const satisfies Record<string, Operation>;
