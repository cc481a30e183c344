import type { AlertView, IncidentRecovery } from '@kintsugi/contracts';
import type { AlertStanding } from './alert-step.js';

/** An alert as it is kept, from the first look at which its condition held. */
export interface Alert extends Omit<AlertStanding, 'state'> {
  _id: string;
  /** Condition and subject while it is open, of which there is one; absent once it is resolved, and of incidents. */
  open_key?: string;
  source: AlertView['source'];
  name: string;
  tenant: string | null;
  subject: string;
  state: AlertView['state'];
  severity: string;
  summary: string;
  runbook_url: string | null;
  value: number | null;
  hushed_by: string | null;
  told_at: Date | null;
  /** Webhooks that were told that it fires; all when it is empty. They are told of its end, whatever became of the condition. */
  notify?: string[];
  resolved_at: Date | null;
  labels: Record<string, string>;
  recovery: IncidentRecovery | null;
  /** Rises with each write: a write that was decided from an older reading changes nothing. */
  rev: number;
}

export interface AlertSilence {
  _id: string;
  tenant: string | null;
  condition: string | null;
  subject: string | null;
  reason: string;
  user_id: string;
  created_at: Date;
  until: Date;
}

/** An alert as its readers see it. */
export function viewAlert(alert: Alert): AlertView {
  const { source, name, tenant, subject, state, severity, summary, value, hushed_by, labels, recovery } = alert;
  return {
    ...{ id: alert._id, source, name, tenant, subject, state, severity, summary, value, hushed_by },
    since: alert.since.toISOString(),
    fired_at: alert.fired_at?.toISOString() ?? null,
    told_at: alert.told_at?.toISOString() ?? null,
    resolved_at: alert.resolved_at?.toISOString() ?? null,
    ...{ labels, recovery },
  };
}

/** Why nobody is to be told of an alert that fires: a silence, or what it is a symptom of. */
export function hushedBy(
  alert: Alert,
  causes: readonly string[],
  firing: readonly Alert[],
  silences: readonly AlertSilence[],
  now: Date,
): string | null {
  const silence = silences.find(
    ({ tenant, condition, subject, until }) =>
      until > now &&
      tenant === alert.tenant &&
      (condition === null || condition === alert.name) &&
      (subject === null || subject === alert.subject),
  );
  if (silence) return `silence ${silence._id}`;
  const cause = firing.find(
    ({ source, name, tenant, subject }) =>
      source === 'condition' && tenant === alert.tenant && causes.includes(name) && [alert.subject, ''].includes(subject),
  );
  return cause ? `alert ${cause.name}` : null;
}
