import type { ActionInput, AuditExport, AuditPage, AuditService } from '@kintsugi/contracts';
import type { Read } from './calls.js';

/** Who had what changed, for admins. */
export function auditCalls(read: Read) {
  return {
    /** Entries of the chain of a service, or of all together by time. */
    listAudit: (query: ActionInput<'listJobAudit'> & { service?: AuditService } = {}): Promise<AuditPage> =>
      read('/v1/audit', query),

    /** The next entries of a chain as they are stored, from its first on; none at its end. */
    exportAudit: (service: AuditService, after = 0): Promise<AuditExport> => read('/v1/audit/export', { service, after }),
  };
}
