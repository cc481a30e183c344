export const dashboardNames = ['overview', 'queues', 'job-type', 'workers', 'recovery', 'slo', 'platform'] as const;
export type DashboardName = (typeof dashboardNames)[number];

/** Something that a person has to know of, and what to do about it. */
export interface Alert {
  name: string;
  /** page: somebody gets up at once. ticket: somebody looks at it on a working day. */
  severity: 'page' | 'ticket';
  expr: string;
  /** How long it has to be so. */
  for: string;
  labels?: Record<string, string>;
  /** One line; it may name labels, as `{{ $labels.type }}`. */
  summary: string;
  description: string;
  /** Where to look first. */
  dashboard: DashboardName;
  runbook: Runbook;
}

export interface Runbook {
  means: string;
  look: readonly string[];
  mend: readonly string[];
}
