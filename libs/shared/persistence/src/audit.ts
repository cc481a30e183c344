export { AuditLog, type AuditLogOptions, type AuditNote } from './audit/audit-log.js';
export type { AuditEntries } from './audit/audit-entries.js';
export { refuseBound } from './audit/audit-view.js';
export { CallEnds } from './audit/call-ends.js';
