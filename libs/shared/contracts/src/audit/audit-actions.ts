/** The actions of each service. */
export const auditActions = {
  job: { list: 'listJobAudit', export: 'exportJobAudit' },
  recovery: { list: 'listRecoveryAudit', export: 'exportRecoveryAudit' },
  metrics: { list: 'listMetricsAudit', export: 'exportMetricsAudit' },
} as const;
